using Hypir.Imaging;
using Hypir.Models.Store;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Restoration.Pipeline;

namespace Hypir.Server;

/// <summary>Creates plans from requests. Thread-safe, and independent of torch.</summary>
internal sealed class Planner(ServeSettings settings, ModelResolver library, GpuLedger gpus)
{
    /// <summary>
    /// Plans a request. Where the engine chooses the model, the choice is by the sizes alone; <see cref="Choose"/> looks at the image.
    /// </summary>
    /// <returns>The plan, with the request's model by its name.</returns>
    /// <exception cref="EngineException">The store has no such model, or a size is out of range.</exception>
    /// <exception cref="HypirException">The model is damaged, or an option does not fit it.</exception>
    public JobPlan Plan(RestoreRequest request)
    {
        if (request.Model != Defaults.AutomaticModel)
            return PlanNamed(request);
        JobPlan usual = PlanNamed(request with { Model = Defaults.Model });
        return AutomaticModel.Enlarges(usual.Plan) && PlanStrong(request) is { Plan.Fits: true } strong ? strong : usual;
    }

    /// <summary>Chooses the model of a request by its image.</summary>
    /// <param name="request">A request that leaves the choice to the engine.</param>
    /// <param name="image">The image.</param>
    /// <returns>The plan with the model that was chosen, and what decided it (<see cref="JobResult.Grounds"/>).</returns>
    /// <inheritdoc cref="Plan" path="/exception"/>
    public (JobPlan Plan, IReadOnlyList<string> Grounds) Choose(RestoreRequest request, RasterImage image)
    {
        JobPlan usual = PlanNamed(request with { Model = Defaults.Model });
        AutomaticChoice choice = AutomaticModel.Of(usual.Plan, image, request.JpegQuality);
        if (!choice.MakesUpDetail || PlanStrong(request) is not { } strong)
            return (usual, choice.Grounds);
        return strong.Plan.Fits ? (strong, choice.Grounds) : (usual, [.. choice.Grounds, "too little memory"]);
    }

    private JobPlan? PlanStrong(RestoreRequest request) =>
        library.Find(Defaults.StrongModel) is null ? null : PlanNamed(request with { Model = Defaults.StrongModel });

    private JobPlan PlanNamed(RestoreRequest request)
    {
        CheckSizes(request);
        ResolvedModel model = library.Choose(request);
        // Stamped before the files are read, so that a change in between is noticed by the next job.
        string stamp = Stamp(model.Path), loraStamp = model.Lora is null ? "" : Stamp(model.Lora);
        var source = ModelSource.Open(model.Path);
        source.RequireLora(model.Lora);
        RestoreOptions options = Options(request, model.Defaults);
        // What clients send along for diffusion models means nothing to a network without timestep and with overlaps of its own.
        if (source.Folder is null)
            options = options with { ModelT = null, CoeffT = null, Stride = null };
        RestorePlan plan = RestorePlan.Create(
            request.Width, request.Height, request.Layout.HasAlpha(), options, source.Facts, Machine(), request.Layout.BitsPerSample());
        return new(request, plan, source, stamp, model.Lora, loraStamp);
    }

    /// <summary>Converts a plan to its protocol message.</summary>
    public static PlanAnswer Describe(JobPlan job, bool loaded)
    {
        RestorePlan plan = job.Plan;
        return new()
        {
            Model = plan.Model.Name,
            Device = plan.Compute.Device,
            Precision = (RequestPrecision)plan.Compute.UNet,
            OutputWidth = plan.Result.Width,
            OutputHeight = plan.Result.Height,
            Tile = plan.UNetTile.Longer,
            Stride = plan.UNetStride.Longer,
            VaeTile = plan.VaeTile.Longer,
            Tiles = plan.Encoding.Tiles.Count + plan.Restoring.Tiles.Count + plan.Decoding.Tiles.Count,
            MemoryBytes = plan.PeakMemory,
            FreeMemoryBytes = plan.FreeMemory,
            GpuMemoryBytes = plan.PeakGpuMemory,
            Fits = plan.Fits,
            Seconds = plan.Seconds,
            FollowsJpeg = plan.FollowsJpeg,
            Loaded = loaded,
        };
    }

    /// <summary>The machine as seen by plans: includes the memory this process already holds, within the configured limit.</summary>
    public MachineFacts Machine()
    {
        MachineFacts machine = settings.Machine.Look().WithOwnMemory(gpus.HeldOn) with { Speeds = settings.Speeds.Read() };
        return settings.MemoryLimit is { } limit && limit < machine.FreeMemory
            ? machine with
            {
                FreeMemory = limit,
                MemoryLimit = limit,
            }
            : machine;
    }

    private RestoreOptions Options(RestoreRequest request, ModelDefaults defaults) => new()
    {
        Upscale = request.Upscale,
        LongestSide = request.LongestSide,
        Area = request.Area is { } area ? new(area.X, area.Y, area.Width, area.Height) : null,
        KeepsRest = request.KeepRest,
        Strength = request.Strength,
        Tile = request.Tile ?? defaults.Tile,
        // A model's default stride belongs to its default tile: it may exceed a tile chosen by the user.
        Stride = request.Stride ?? (request.Tile is null ? defaults.Stride : null),
        Precision = (ComputePrecision)request.Precision,
        Device = request.Device == "auto" ? settings.Device : request.Device,
        ModelT = request.ModelT ?? defaults.ModelT,
        CoeffT = request.CoeffT ?? defaults.CoeffT,
        Prompt = request.Prompt,
        Seed = request.Seed,
        Map = request.Map,
    };

    private static string Stamp(string path)
    {
        try
        {
            return FileStamp.Of(path);
        }
        catch (IOException failure)
        {
            throw new EngineException(
                EngineError.BadModel, $"The model's files are gone: {failure.Message}", new("Add or download it again."),
                failure);
        }
    }

    private static void CheckSizes(RestoreRequest request)
    {
        if (
            request.Width is < 1 or > PixelHeader.LargestSide
            || request.Height is < 1 or > PixelHeader.LargestSide
            || !Enum.IsDefined(request.Layout)
            || request.Layout == PixelLayout.Gray8
            || (long)request.Width * request.Height * request.Layout.BytesPerPixel() > Array.MaxLength
        )
            throw Bad("width", $"An image of {request.Width}x{request.Height} pixels cannot be restored at once.", "Send it in pieces.");
        if ((request.KeepRest || request.Mask is not null) && request.Area is null)
            throw Bad("area", "keepRest and mask need an area.", "Name the part of the image to restore.");
        if (request.Mask is not null && !(request.KeepRest && PixelFile.IsName(request.Mask)))
            throw Bad("mask", "A mask is the name of a pixel file, and needs keepRest.", "Set keepRest, or leave the mask out.");
        if (request.Prompt.Length > Defaults.PromptCharacters)
            throw Bad(
                "prompt",
                $"The prompt has {request.Prompt.Length} characters; the longest has {Defaults.PromptCharacters}.",
                "Shorten it."
            );
    }

    private static EngineException Bad(string option, string message, string remedy) =>
        new(EngineError.BadRequest, message, new(remedy, option));
}
