using System.CommandLine;
using System.Globalization;
using Hypir.Engine.Restoring;
using Hypir.Engine.Restoring.Trials;
using Hypir.Imaging;
using Hypir.Models.Store;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Commands;

/// <summary>The arguments and options of <c>hypir restore</c>.</summary>
internal sealed class RestoreCommandLine
{
    private readonly Option<string?> _output = Options.Text(
        "--output", "FILE|FOLDER",
        "File or folder for results; a folder for several images; - for standard output. Default: photo.restored.png next to photo.jpg.",
        "-o");
    private readonly Option<bool> _recursive = Options.Flag(
        "--recursive", "Search folders recursively; results keep the subfolders.", "-r");
    private readonly Option<bool> _overwrite = Options.Flag(
        "--overwrite", "Replace existing results: short for --on-exists overwrite.");
    private readonly Option<string?> _onExists = Options.OneOf(
        "--on-exists", "If a result exists: keep it and report it (default), replace it, or write a new file with a number.", "skip",
        "overwrite", "number");
    private readonly Option<string?> _format = Options.OneOf(
        "--format", "Format of the results (default: PNG next to an image, the image's own format in a folder).", "png", "jpg", "webp",
        "tif", "bmp");
    private readonly Option<string?> _suffix = Options.Text(
        "--suffix", "TEXT", "What the names of results end in (default .restored next to an image, nothing in a folder).");

    private readonly Option<int?> _quality = Options.Number("--quality", "1..100", "Quality of JPEG and WebP (default 95 and 92).", 1, 100);
    private readonly Option<bool> _keepProfile = Options.Flag("--keep-profile", "Write in the input's color profile (default: sRGB).");
    private readonly Option<bool> _stripLocation = Options.Flag(
        "--strip-location", "Omit GPS data and place names; other metadata is kept where the format allows.");

    private readonly BatchSymbols _batch = new();

    private readonly Option<double?> _upscale = Options.Number("--upscale", "N", "Enlarge by this factor (default 1).", 1.0 / 64, 64.0);
    private readonly Option<int?> _longestSide = Options.Number(
        "--longest-side", "PX", "Scale so that the longer side has this many pixels.", 1, 1 << 20);
    private readonly Option<int?> _width = Options.Number("--width", "PX", "Scale to this width.", 1, 1 << 20);
    private readonly Option<int?> _height = Options.Number(
        "--height", "PX", "Scale to this height; with --width, so that the result fits into both.", 1, 1 << 20);
    private readonly Option<double?> _megapixels = Options.Number("--megapixels", "N", "Scale to this many million pixels.", 1e-6, 1e5);
    private readonly Option<PixelArea?> _crop = Options.Parsed<PixelArea?>(
        "--crop", "X,Y,W,H", "Restore only this part, given in pixels from the top left corner; the result is the part alone.",
        "left, top, width and height in pixels, such as 100,50,640,480", token => AreaOf(token) is { } area ? (true, area) : default);
    private readonly Option<string?> _mask = Options.Text(
        "--mask", "FILE", "Restore only where this image is white; gray blends, and black does not change at all.");
    private readonly Option<string?> _map = Options.Text(
        "--map", "FILE", "Also map where the result departs from what the image supports: the brighter, the more was invented.");
    private readonly Option<double?> _strength = Options.Number(
        "--strength", "0..1", "Blend with the input: 1 is the model's result (default), 0 the input.", 0.0, 1.0);
    private readonly Option<bool> _colorFix = Options.Flag(
        "--color-fix", "Give a single-pass network's result the colors of the image; diffusion models always do.");
    private readonly Option<string?> _limitChange = Options.OneOf(
        "--limit-change", "Keep what the estimated damage does not explain, at the image's own size: auto (default), off.", "auto", "off");
    private readonly Option<string?> _jpegConsistent = Options.OneOf(
        "--jpeg-consistent", "Fit the result to a JPEG file's own data: auto (default: if only compression was undone), on, off.", "auto",
        "on", "off");
    private readonly Option<string?> _prompt = Options.AnyText(
        "--prompt", "TEXT", "What the image shows; for models with a text encoder.");
    private readonly Option<string?> _promptDir = Options.Text(
        "--prompt-dir", "FOLDER", "Texts for each image: photo.txt for photo.jpg. Images without one get --prompt.");
    private readonly Option<long?> _seed = Options.Number(
        "--seed", "N", $"Seed of the noise (default {Defaults.Seed}). Equal seeds give equal results.", long.MinValue, long.MaxValue);

    private readonly Option<string?> _model = Options.Text(
        "--model", "NAME|FOLDER|FILE",
        "A model of `hypir models list`, a single-pass network (.pth, .param), or a Stable Diffusion 2 model (default auto: faithful, or "
        + "vivid for images that are enlarged or severely damaged).", "-m");
    private readonly Option<string?> _lora = Options.Text("--lora", "FILE", "HYPIR's weights for it: .pth or .safetensors.");
    private readonly Option<WeightMix?> _mix = Options.Parsed<WeightMix?>(
        "--mix", "FILE=SHARE", "Mix a second file of the same single-pass network into the model's weights, such as b.pth=0.3.",
        "a file and its share from 0 to 1, such as b.pth=0.3", token => MixOf(token) is { } mix ? (true, mix) : default);
    private readonly Option<double?> _dial = Options.Number(
        "--dial", "N", "The setting of a single-pass network that has one, such as a noise level.", 0.0, 1000.0);
    private readonly Option<bool> _unmerged = Options.Flag(
        "--unmerged", "Keep the LoRA weights separate instead of merging them into the model. Slower, same result.");
    private readonly Option<int?> _modelT = Options.Number(
        "--t", "0..999", "Timestep passed to the model (default: the model's own, 200).", 0, 999);
    private readonly Option<int?> _coeffT = Options.Number(
        "--coeff-t", "0..999",
        "Timestep of the one-step formula (default: the model's own, 200). Larger restores more strongly; far above the default, images "
            + "are ruined.", 0, 999);

    private readonly Option<string?> _mode = Options.OneOf(
        "--mode", "fast: best speed at full quality (default); reference: same steps as the original.", "fast",
        "reference");
    private readonly Option<string?> _device = Options.AnyDevice("Device to compute on (default auto).");
    private readonly Option<string?> _precision = Options.OneOf(
        "--precision", "Number type to compute in (default auto).", "auto", "float32", "bfloat16", "float16", "float64");
    private readonly Option<int?> _tile = Options.Number(
        "--tile", "PX", "Side length of a tile (default: the model's own). Smaller tiles need less memory.", 8, 1 << 14);
    private readonly Option<int?> _stride = Options.Number(
        "--stride", "PX", "Distance between tiles (default: the model's own). Smaller is slower and smoother.", 8, 1 << 14);

    private readonly Option<int?> _threads = Options.Number(
        "--threads", "N", "Compute on this many CPU threads (default: one for each core).", 1, 1024);
    private readonly Option<string?> _engine = Options.OneOf(
        "--engine", "auto: let a running engine (hypir serve, Paint.NET) compute, with the same result (default); never: do not.", "auto",
        "never");
    private readonly Option<bool> _force = Options.Flag(
        "--force", "Try even if the plan needs more memory than is free. By default such an image is refused.");

    private readonly Option<string[]> _try = new("--try")
    {
        HelpName = "NAME=VALUE,...",
        Description = "Compare settings on one part of an image, on one labeled sheet, such as --try strength=0.5,1 model=faithful,vivid "
            + $"({string.Join(", ", TrialSetting.Names)}).",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _dryRun = Options.Flag(
        "--dry-run", "Show the plan (sizes, tiles, memory, seconds) without computing anything.", "-n");

    /// <summary>Image files and folders.</summary>
    public Argument<string[]> Inputs { get; } =
        new("images")
        {
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "IMAGE|FOLDER",
            Description = "Image files (PNG, JPEG, WebP, TIFF, BMP, GIF) and folders of them; - is standard input.",
        };

    /// <summary>JSON output, one object per line.</summary>
    public Option<bool> Json { get; } = Options.Flag("--json", "Print plan, progress, results, and errors as JSON, one object per line.");

    /// <summary>Shows plans, and stack traces with errors.</summary>
    public Option<bool> Verbose { get; } =
        Options.Flag("--verbose", "Also show plans, and stack traces with errors.", "-v");

    /// <summary>Prints errors only.</summary>
    public Option<bool> Quiet { get; } = Options.Flag("--quiet", "Print nothing but errors.", "-q");

    /// <summary>All options, in the order of the help.</summary>
    public IReadOnlyList<OptionGroup> Groups =>
    [
        new(
            "Input and output",
            [_output, _recursive, _format, _suffix, _onExists, _overwrite, _quality, _keepProfile, _stripLocation]),
        new("Several images", _batch.All),
        new(
            "Result",
            [
                _upscale, _longestSide, _width, _height, _megapixels, _crop, _mask, _map, _strength, _colorFix, _limitChange,
                _jpegConsistent, _prompt, _promptDir, _seed,
            ]),
        new("Model", [_model, _lora, _unmerged, _mix, _dial, _modelT, _coeffT]),
        new("Computation", [_mode, _device, _precision, _tile, _stride, _threads, _engine, _force]),
        new("Reporting", [_try, _dryRun, Quiet, Json, Verbose]),
    ];

    /// <summary>Converts the command line to options.</summary>
    /// <exception cref="HypirException">The model does not exist or cannot be used.</exception>
    /// <exception cref="UsageException">An option has no meaning with this model.</exception>
    public RestoreCommandOptions Read(ParseResult line) => Read(line, line.GetValue(_model));

    /// <summary>Converts the command line to options with another model.</summary>
    /// <inheritdoc cref="Read(ParseResult)"/>
    /// <param name="line">The command line.</param>
    /// <param name="model">A model's name or path; null for the default.</param>
    public RestoreCommandOptions Read(ParseResult line, string? model)
    {
        var job = Read(line, Models.ModelChoice.Of(model == Defaults.AutomaticModel ? null : model));
        // What belongs to one network chooses that network.
        bool ownNetwork = ((Option[])[_lora, _mix, _dial]).Any(option => line.GetResult(option) is not null);
        if (model is null or Defaults.AutomaticModel && !ownNetwork)
            job = job with { Strong = Models.ModelChoice.Of(Defaults.StrongModel) };
        return job.Options.Unmerged && job.Lora is null
            ? throw new UsageException("--unmerged applies to LoRA weights, and there are none.", "Leave it out, or name them with --lora.")
            : job;
    }

    private RestoreCommandOptions Read(ParseResult line, ResolvedModel model) => new()
    {
        Inputs = line.GetValue(Inputs)!,
        Output = line.GetValue(_output),
        Recursive = line.GetValue(_recursive),
        Existing = ExistingOf(line),
        Format = line.GetValue(_format) is { } format ? "." + format : null,
        Suffix = line.GetValue(_suffix),
        Threads = line.GetValue(_threads),
        Shard = line.GetValue(_batch.Shard),
        Resume = line.GetValue(_batch.Resume),
        Report = line.GetValue(_batch.Report),
        Mask = line.GetValue(_mask),
        Map = line.GetValue(_map),
        Trials = [.. line.GetValue(_try)!.Select(token => TrialSetting.Parse(token)!)],
        PromptFolder = line.GetValue(_promptDir),
        Model = model.Path,
        ModelName = line.GetValue(_lora) is null ? Commands.Models.ModelChoice.NameOf(line.GetValue(_model)) : null,
        UsesEngine = line.GetValue(_engine) != "never",
        Lora = line.GetValue(_lora) ?? model.Lora,
        Mix = line.GetValue(_mix),
        Force = line.GetValue(_force),
        DryRun = line.GetValue(_dryRun),
        Saving = new SaveSettings
        {
            JpegQuality = line.GetValue(_quality) ?? SaveSettings.Default.JpegQuality,
            WebPQuality = line.GetValue(_quality) ?? SaveSettings.Default.WebPQuality,
            WebPLossless = line.GetResult(_quality) is null ? null : false,
            KeepProfile = line.GetValue(_keepProfile),
            StripLocation = line.GetValue(_stripLocation),
        },
        Options = new RestoreOptions
        {
            Upscale = line.GetValue(_upscale) ?? 1,
            LongestSide = line.GetValue(_longestSide),
            Width = line.GetValue(_width),
            Height = line.GetValue(_height),
            Megapixels = line.GetValue(_megapixels),
            Area = line.GetValue(_crop),
            Map = line.GetValue(_map) is not null,
            Strength = line.GetValue(_strength) ?? 1,
            ColorFix = line.GetValue(_colorFix),
            LimitChange = line.GetValue(_limitChange) != "off",
            JpegConsistent = Enum.Parse<JpegConsistency>(
                line.GetValue(_jpegConsistent) ?? nameof(JpegConsistency.Auto), ignoreCase: true),
            Dial = line.GetValue(_dial),
            Tile = line.GetValue(_tile) ?? model.Defaults.Tile,
            // A model's default stride belongs to its default tile: it may exceed a tile given by --tile.
            Stride = line.GetValue(_stride) ?? (line.GetValue(_tile) is null ? model.Defaults.Stride : null),
            Mode = Enum.Parse<RestoreMode>(line.GetValue(_mode) ?? nameof(RestoreMode.Fast), ignoreCase: true),
            Precision = Enum.Parse<ComputePrecision>(line.GetValue(_precision) ?? nameof(ComputePrecision.Auto), ignoreCase: true),
            Device = line.GetValue(_device) ?? "auto",
            ModelT = line.GetValue(_modelT) ?? model.Defaults.ModelT,
            CoeffT = line.GetValue(_coeffT) ?? model.Defaults.CoeffT,
            Prompt = line.GetValue(_prompt) ?? "",
            Seed = line.GetValue(_seed) ?? new RestoreOptions().Seed,
            Unmerged = line.GetValue(_unmerged),
        },
    };

    private ExistingResults ExistingOf(ParseResult line) => line.GetValue(_overwrite) ? ExistingResults.Overwrite
        : Enum.Parse<ExistingResults>(line.GetValue(_onExists) ?? nameof(ExistingResults.Skip), ignoreCase: true);

    private static PixelArea? AreaOf(string token) =>
        token.Split(',') is [var x, var y, var width, var height] && Number(x) is { } left && Number(y) is { } top
        && Number(width) is > 0 and { } columns && Number(height) is > 0 and { } rows ? new(left, top, columns, rows) : null;

    private static int? Number(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static WeightMix? MixOf(string token)
    {
        int sign = token.LastIndexOf('=');
        return sign > 0 && double.TryParse(token.AsSpan(sign + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double share)
            && share is >= 0 and <= 1 ? new(token[..sign], share) : null;
    }

    private IEnumerable<string> TrialProblems(ParseResult line)
    {
        string[] tokens = line.GetValue(_try)!;
        if (line.GetResult(_try) is { Implicit: false } && tokens.Length == 0)
            yield return "--try needs settings to compare, such as strength=0.5,1.";
        if (tokens.Length == 0)
            yield break;
        foreach (string problem in TrialSetting.Problems(tokens))
            yield return problem;
        if (line.GetValue(Inputs) is not [var input] || input == StandardImages.Sign || Directory.Exists(input)
            || Wildcards.IsPattern(input))
            yield return "--try is for a single image.";
        foreach (Option other in (Option[])[_mask, _map, _promptDir, _batch.Shard, _batch.Resume, _batch.Report, _dryRun])
        {
            if (line.GetResult(other) is { Implicit: false })
                yield return $"--try and {other.Name} cannot both be given.";
        }
    }

    /// <summary>What does not fit together.</summary>
    public IEnumerable<string> Problems(ParseResult line)
    {
        string[] sizes = [.. ((Option[])[_upscale, _longestSide, _width, _height, _megapixels])
            .Where(option => line.GetResult(option) is not null).Select(option => option.Name)];
        if (sizes.Length > 1 && !sizes.SequenceEqual([_width.Name, _height.Name]))
            yield return $"{sizes[0]} and {sizes[1]} cannot both be given.";
        if (line.GetValue(_overwrite) && line.GetResult(_onExists) is not null)
            yield return "--overwrite and --on-exists cannot both be given.";
        if (line.GetValue(_suffix) is { } suffix && suffix.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0)
            yield return $"--suffix is a part of a file name; \"{suffix}\" is not.";
        string? written = line.GetValue(_format) is { } format ? "." + format : Path.GetExtension(line.GetValue(_output) ?? "");
        if (line.GetResult(_quality) is not null && written is ".png" or ".tif" or ".tiff" or ".bmp")
            yield return $"--quality is for JPEG and WebP, and {written} files are written without loss.";
        if (line.GetValue(Quiet) && (line.GetValue(Json) || line.GetValue(Verbose)))
            yield return $"--quiet and {(line.GetValue(Json) ? "--json" : "--verbose")} cannot both be given.";
        if (line.GetResult(_crop) is not null && line.GetResult(_mask) is not null)
            yield return "--crop and --mask cannot both be given.";
        foreach (string problem in TrialProblems(line))
            yield return problem;
        foreach (string problem in _batch.Problems(line, ExistingOf(line), _dryRun))
            yield return problem;
        string[] inputs = line.GetValue(Inputs) ?? [];
        foreach (string problem in StandardImages.Problems(inputs, line.GetValue(_output), line.GetValue(Json)))
            yield return problem;
        if (inputs.Length == 0)
            yield return "Name an image or a folder of images.";
    }
}
