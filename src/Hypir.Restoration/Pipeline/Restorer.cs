using System.Runtime.InteropServices;
using Hypir.Imaging;
using Hypir.Imaging.Color;
using Hypir.Imaging.Damage;
using Hypir.Networks.Libraries;
using Hypir.Networks.Models;
using Hypir.Networks.SinglePass;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Restoration.Graphs;
using Hypir.Restoration.Stages;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Restores images with a model that stays loaded. An instance belongs to the thread that loads it: torch keeps its scopes per thread.
/// </summary>
public sealed class Restorer : IDisposable
{
    private readonly IModelPipeline _pipeline;
    private readonly ModelFacts _facts;
    private readonly ComputeChoice _compute;
    private readonly TimeProvider _clock;

    private Restorer(IModelPipeline pipeline, ModelFacts facts, ComputeChoice compute, TimeProvider clock) =>
        (_pipeline, _facts, _compute, _clock) = (pipeline, facts, compute, clock);

    /// <summary>Facts about the loaded model.</summary>
    public ModelFacts Facts => _facts;

    /// <summary>The device and types; plans must match them.</summary>
    public ComputeChoice Compute => _compute;

    /// <summary>The loaded networks of a diffusion model.</summary>
    internal DiffusionModel Model => Diffusion.Model;

    private DiffusionPipeline Diffusion => _pipeline as DiffusionPipeline
        ?? throw new InvalidOperationException("A single-pass network is loaded, and this is for diffusion models.");

    /// <summary>Loads a model onto the device and in the types that follow from the options, the model and the machine.</summary>
    /// <param name="model">The model's folder.</param>
    /// <param name="options">Device, precision, and whether LoRA weights stay unmerged; the rest is ignored.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="loraPath">A file of LoRA weights, or null.</param>
    /// <param name="cancellation">Checked while weights are read.</param>
    /// <exception cref="HypirException">The device does not exist, or the model or its weights are refused.</exception>
    /// <exception cref="OperationCanceledException">Loading was cancelled.</exception>
    public static Restorer Load(
        ModelFolder model, RestoreOptions options, MachineFacts machine, string? loraPath, CancellationToken cancellation = default) =>
        Load(ModelSource.Of(model), options, machine, loraPath, cancellation);

    /// <inheritdoc cref="Load(ModelFolder, RestoreOptions, MachineFacts, string?, CancellationToken)"/>
    public static Restorer Load(
        ModelSource model, RestoreOptions options, MachineFacts machine, string? loraPath, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Load(
            model, ComputeChoice.Resolve(options, model.Facts, machine), options.Unmerged, loraPath, TimeProvider.System,
            cancellation);
    }

    internal static Restorer Load(
        ModelSource model, ComputeChoice compute, bool unmerged, string? loraPath, TimeProvider clock, CancellationToken cancellation)
    {
        model.RequireLora(loraPath);
        TorchProbe.Require();
        return LoadNetworks(model, compute, unmerged, loraPath, clock, cancellation);
    }

    /// <summary>Separate so that none of its code, including static constructors, runs before libtorch is known to load.</summary>
    private static Restorer LoadNetworks(
        ModelSource model, ComputeChoice compute, bool unmerged, string? loraPath, TimeProvider clock, CancellationToken cancellation)
    {
        if (compute.TorchDevice != "cpu")
            InitializeDeviceType(DeviceType.CUDA);
        GraphDevice? gpu = compute.Graphs is null ? null : GraphHosts.Open(compute, cancellation);
        if (model.Folder is null)
            return new(new SinglePassPipeline(LoadNetwork(model, compute, cancellation), gpu), model.Facts, compute, clock);
        var settings = new LoadSettings
        {
            UNetType = TorchTypes.Of(compute.UNet),
            VaeType = TorchTypes.Of(compute.Vae),
            Device = torch.device(compute.TorchDevice),
            LoraPath = loraPath,
            Unmerged = unmerged,
        };
        return new(new DiffusionPipeline(DiffusionModel.Load(model.Folder, settings, cancellation), gpu), model.Facts, compute, clock);
    }

    private static SinglePassModel LoadNetwork(ModelSource model, ComputeChoice compute, CancellationToken cancellation)
    {
        SinglePassFile file = SinglePassFile.Open(model.Path);
        SinglePassFile? other = null;
        try
        {
            other = model.Mix is null ? null : SinglePassFile.Open(model.Mix.Path);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        return SinglePassModel.Load(
            file, TorchTypes.Of(compute.UNet), torch.device(compute.TorchDevice), other is null ? null : new(other, model.Mix!.Share),
            cancellation);
    }

    /// <summary>
    /// Restores one image. A failure or cancellation leaves nothing behind, and the next image can be restored.
    /// </summary>
    /// <param name="input">The image; it is not changed.</param>
    /// <param name="plan">Made for this image's size, this model and its device and types.</param>
    /// <param name="progress">Receives reports on this thread, several per second; null for none.</param>
    /// <param name="cancellation">Checked between network blocks.</param>
    /// <exception cref="ArgumentException">The plan is for another image, model, device or type.</exception>
    /// <exception cref="RestoreException">The model gives non-finite numbers in every type.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public RestoreResult Restore(
        RasterImage input,
        RestorePlan plan,
        IProgress<RestoreProgress>? progress = null,
        CancellationToken cancellation = default
    ) => Restore(input, plan, null, progress, null, cancellation);

    /// <summary>Restores a masked area of one image.</summary>
    /// <inheritdoc cref="Restore(RasterImage, RestorePlan, IProgress{RestoreProgress}?, CancellationToken)"/>
    /// <param name="input">The image; it is not changed.</param>
    /// <param name="plan">Made for this image's size, this model and its device and types.</param>
    /// <param name="mask">How much of the plan's area is restored, of the requested area's size; null for all of it.</param>
    /// <param name="progress">Receives reports on this thread, several per second; null for none.</param>
    /// <param name="cancellation">Checked between network blocks.</param>
    public RestoreResult Restore(
        RasterImage input, RestorePlan plan, ImageMask? mask, IProgress<RestoreProgress>? progress, CancellationToken cancellation) =>
        Restore(input, plan, mask, progress, null, cancellation);

    /// <inheritdoc cref="Restore(RasterImage, RestorePlan, IProgress{RestoreProgress}?, CancellationToken)"/>
    internal RestoreResult Restore(
        RasterImage input, RestorePlan plan, IProgress<RestoreProgress>? progress, IRestoreObserver? observer,
        CancellationToken cancellation) => Restore(input, plan, null, progress, observer, cancellation);

    /// <inheritdoc cref="Restore(RasterImage, RestorePlan, ImageMask?, IProgress{RestoreProgress}?, CancellationToken)"/>
    internal RestoreResult Restore(
        RasterImage input, RestorePlan plan, ImageMask? mask, IProgress<RestoreProgress>? progress, IRestoreObserver? observer,
        CancellationToken cancellation) =>
        plan.Options.Map
            ? DepartureRun.Restore(input, plan, progress, (one, part) => RestoreOnce(input, one, mask, part, observer, cancellation))
            : RestoreOnce(input, plan, mask, progress, observer, cancellation);

    private RestoreResult RestoreOnce(
        RasterImage input, RestorePlan plan, ImageMask? mask, IProgress<RestoreProgress>? progress, IRestoreObserver? observer,
        CancellationToken cancellation)
    {
        if (plan.Image != new PixelSize(input.Width, input.Height) || plan.Alpha != input.Alpha is not null)
            throw new ArgumentException("The plan was made for another image.", nameof(plan));
        RasterImage part = plan.Area is { } area ? AreaImage.WindowOf(input, area) : input;
        PixelSize size = plan.Sizes.Scaled;
        var meter = new ProgressMeter(plan, progress, _clock);
        (byte[] samples, var notes) = Samples(part, plan, new JobWatch(meter, observer, cancellation));
        // The reference colors gray images a little.
        if (plan.RunsModel && plan.Options.Mode != RestoreMode.Reference && Neutral.Holds(input))
            Neutral.Apply(samples, input.BitsPerSample);
        if (plan.LimitsChange)
        {
            RasterImage seen = plan.FillsTransparency ? AlphaFill.Fill(part) : part;
            // By the pixels alone: an image without its file, as an engine gets it, comes out the same.
            ChangeLimit.Apply(seen, samples, DamageEstimate.Of(seen.With(ImageMetadata.None)));
        }

        JpegStep.Apply(part, samples, plan);
        Blend(part, samples, plan, cancellation);
        byte[]? alpha = AlphaScale.Resize(part, size.Width, size.Height);
        var result = new RasterImage(size.Width, size.Height, input.BitsPerSample, samples, alpha, part.Metadata);
        if (plan.Area is { Place: null } cropped)
            result = AreaImage.PartOf(result, cropped);
        else if (plan.Area is { } placed)
            result = AreaImage.Place(result, placed, Around(input, plan, placed, cancellation), plan.Options.Area!.Value, mask);
        meter.Finish();
        // What only this step needed is not kept until the result is written.
        if (result.Metadata.Jpeg is not null)
            result = result.With(result.Metadata with { Jpeg = null });
        return new(result, notes)
        {
            // Speeds of other kernels would distort the estimates for the usual ones.
            Speed = plan.RunsModel && plan.HasUsualKernels && !_pipeline.LeftDevice
                ? new(
                    plan.Compute.Device,
                    plan.Compute.UNet,
                    plan.Model.Name,
                    plan.Operations / meter.Elapsed.TotalSeconds,
                    plan.Options.Mode,
                    plan.Compute.Graphs?.Adapter
                )
                : null,
        };
    }

    private (byte[] Samples, IReadOnlyList<string> Notes) Samples(RasterImage input, RestorePlan plan, JobWatch watch)
    {
        var samples = new byte[3 * plan.Sizes.Scaled.Pixels * (input.BitsPerSample / 8)];
        // What was not computed by the model is not the reference's to truncate: with a strength of 0 each value comes back as it was.
        bool truncate = plan.Options.Mode == RestoreMode.Reference && plan.RunsModel && plan.Model.SinglePass is null;
        var source = new ImageSource(plan.FillsTransparency ? AlphaFill.Fill(input) : input, TorchTypes.Pixels(plan.Compute));
        return (samples, Run(source, plan, new ImageSink(samples, input.BitsPerSample, truncate), watch));
    }

    /// <summary>The image around an area, scaled if the result is: what a strength of 0 gives.</summary>
    private RasterImage Around(RasterImage input, RestorePlan plan, AreaPlan area, CancellationToken cancellation)
    {
        if (area.Image == area.Result)
            return input.WithColors([.. input.Rgb]);
        RestoreOptions options = plan.Options with { Area = null, Strength = 0 };
        RestorePlan none = plan with { Area = null, Options = options, Sizes = ImageSizes.Unmodeled(area.Image, area.Result, area.Factor) };
        byte[] samples = Samples(input, none, new JobWatch(new ProgressMeter(none, null, _clock), null, cancellation)).Samples;
        byte[]? alpha = AlphaScale.Resize(input, area.Result.Width, area.Result.Height);
        return new(area.Result.Width, area.Result.Height, input.BitsPerSample, samples, alpha, input.Metadata);
    }

    /// <summary>Last step: blends the model's samples with the result at strength 0.</summary>
    private void Blend(RasterImage input, byte[] samples, RestorePlan plan, CancellationToken cancellation)
    {
        int share = StrengthBlend.ShareOf(plan.Options.Strength);
        if (!plan.RunsModel || share == StrengthBlend.Whole)
            return;
        RestorePlan none = plan with { Options = plan.Options with { Strength = 0 } };
        byte[] before = plan.Sizes.Scales
            ? Samples(input, none, new JobWatch(new ProgressMeter(none, null, _clock), null, cancellation)).Samples
            : input.Rgb;
        if (input.BitsPerSample == 8)
            StrengthBlend.Blend(before, samples, samples, share);
        else
            StrengthBlend.Blend(
                MemoryMarshal.Cast<byte, ushort>(before), MemoryMarshal.Cast<byte, ushort>(samples),
                MemoryMarshal.Cast<byte, ushort>(samples.AsSpan()), share);
    }

    /// <summary>Executes a plan on pixels from any source, at full strength.</summary>
    internal IReadOnlyList<string> Run(IPixelSource input, RestorePlan plan, IRowSink output, JobWatch watch)
    {
        if (plan.Compute != _compute || plan.Model.Name != _facts.Name || plan.Model.Factor != _facts.Factor)
            throw new ArgumentException("The plan was made for another model, device or type than what is loaded.", nameof(plan));
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return _pipeline.Run(plan, input, output, watch);
    }

    /// <summary>What stands behind the stages of a diffusion model's plan.</summary>
    internal IStageBackend Backend(RestorePlan plan) => Diffusion.Backend(plan);

    /// <summary>Makes what the first image would wait for.</summary>
    /// <param name="mode">The way of computing that it is made for.</param>
    public void Prepare(RestoreMode mode) => _pipeline.Prepare(_compute.KernelsFor(mode));

    /// <summary>Measures how fast the model computes, on a small image, in about 0.3 seconds.</summary>
    /// <param name="options">The options of the images to come.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="cancellation">Cancels the measurement.</param>
    /// <returns>Operations per second, as in <see cref="RestorePlan.AtSpeed"/>; null if nothing could be measured.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public double? MeasureSpeed(RestoreOptions options, MachineFacts machine, CancellationToken cancellation = default) =>
        SpeedProbe.Measure(this, options, machine, cancellation);

    /// <summary>Computes one tile of a diffusion model's plan on noise, to measure it.</summary>
    /// <param name="plan">A plan for this model, device and types.</param>
    /// <param name="stage">A stage of the networks: encoding, restoring or decoding.</param>
    /// <returns>Seconds per tile; for a batch, its time divided by the number of tiles.</returns>
    public double MeasureTile(RestorePlan plan, RestoreStage stage) =>
        new TileTimer(Backend(plan), plan).Measure(stage);

    /// <summary>Replaces the merged LoRA weights, with the same result as loading the model with the new ones.</summary>
    /// <param name="loraPath">A file of LoRA weights, or null for the base alone.</param>
    /// <param name="cancellation">Checked while weights are read.</param>
    /// <exception cref="HypirException">The file is refused. This restorer can then only be disposed, as after a cancellation.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void SwitchLora(string? loraPath, CancellationToken cancellation = default) => Diffusion.SwitchLora(loraPath, cancellation);

    /// <summary>Limits the CPU threads that compute the networks of models which this thread loads.</summary>
    /// <param name="threads">At least 1.</param>
    /// <exception cref="HypirException">libtorch does not load.</exception>
    public static void LimitThreads(int threads)
    {
        TorchProbe.Require();
        Limit(threads);

        // Separate for the reason of LoadNetworks.
        static void Limit(int threads) => set_num_threads(threads);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => _pipeline.Dispose();
}
