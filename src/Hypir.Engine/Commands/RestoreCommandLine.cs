using System.CommandLine;
using System.Globalization;
using Hypir.Engine.Restoring;
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
        "File or folder for results; a folder for several images. Default: photo.restored.png next to photo.jpg.", "-o");
    private readonly Option<bool> _recursive = Options.Flag(
        "--recursive", "Search folders recursively; results keep the subfolders.", "-r");
    private readonly Option<bool> _overwrite = Options.Flag(
        "--overwrite", "Replace existing results. By default they are kept and reported.");

    private readonly Option<int?> _quality = Options.Number("--quality", "1..100", "Quality of JPEG and WebP (default 95 and 92).", 1, 100);
    private readonly Option<bool> _keepProfile = Options.Flag("--keep-profile", "Write in the input's color profile (default: sRGB).");
    private readonly Option<bool> _stripLocation = Options.Flag(
        "--strip-location", "Omit GPS data and place names; other metadata is kept where the format allows.");

    private readonly BatchSymbols _batch = new();

    private readonly Option<double?> _upscale = Options.Number("--upscale", "N", "Enlarge by this factor (default 1).", 1.0 / 64, 64.0);
    private readonly Option<int?> _longestSide = Options.Number(
        "--longest-side", "PX", "Scale so that the longer side has this many pixels.", 1, 1 << 20);
    private readonly Option<double?> _strength = Options.Number(
        "--strength", "0..1", "Blend with the input: 1 is the model's result (default), 0 the input.", 0.0, 1.0);
    private readonly Option<bool> _colorFix = Options.Flag(
        "--color-fix", "Give a single-pass network's result the colors of the image; diffusion models always do.");
    private readonly Option<string?> _prompt = Options.AnyText(
        "--prompt", "TEXT", "What the image shows; for models with a text encoder.");
    private readonly Option<string?> _promptDir = Options.Text(
        "--prompt-dir", "FOLDER", "Texts for each image: photo.txt for photo.jpg. Images without one get --prompt.");
    private readonly Option<long?> _seed = Options.Number(
        "--seed", "N", $"Seed of the noise (default {Defaults.Seed}). Equal seeds give equal results.", long.MinValue, long.MaxValue);

    private readonly Option<string?> _model = Options.Text(
        "--model", "NAME|FOLDER|FILE",
        "A model of `hypir models list`, a single-pass network (.pth, .param), or a Stable Diffusion 2 model (default nano).", "-m");
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
        "--coeff-t", "0..999", "Timestep of the one-step formula; larger restores more strongly (default: the model's own, 200).", 0, 999);

    private readonly Option<string?> _mode = Options.OneOf(
        "--mode", "fast: best speed at full quality (default); reference: same steps as the original.", "fast",
        "reference");
    private readonly Option<string?> _device = Options.Device("Device to compute on (default auto).");
    private readonly Option<string?> _precision = Options.OneOf(
        "--precision", "Number type to compute in (default auto).", "auto", "float32", "bfloat16", "float16", "float64");
    private readonly Option<int?> _tile = Options.Number(
        "--tile", "PX", "Side length of a tile (default: the model's own). Smaller tiles need less memory.", 8, 1 << 14);
    private readonly Option<int?> _stride = Options.Number(
        "--stride", "PX", "Distance between tiles (default: the model's own). Smaller is slower and smoother.", 8, 1 << 14);

    private readonly Option<bool> _force = Options.Flag(
        "--force", "Try even if the plan needs more memory than is free. By default such an image is refused.");

    private readonly Option<bool> _dryRun = Options.Flag(
        "--dry-run", "Show the plan (sizes, tiles, memory, seconds) without computing anything.", "-n");

    /// <summary>Image files and folders.</summary>
    public Argument<string[]> Inputs { get; } =
        new("images")
        {
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "IMAGE|FOLDER",
            Description = "Image files (PNG, JPEG, WebP, TIFF, BMP, GIF) and folders of them.",
        };

    /// <summary>JSON output, one object per line.</summary>
    public Option<bool> Json { get; } = Options.Flag("--json", "Print plan, progress, results, and errors as JSON, one object per line.");

    /// <summary>Shows plans, and stack traces with errors.</summary>
    public Option<bool> Verbose { get; } =
        Options.Flag("--verbose", "Also show plans, and stack traces with errors.", "-v");

    /// <summary>All options, in the order of the help.</summary>
    public IReadOnlyList<OptionGroup> Groups =>
    [
        new("Input and output", [_output, _recursive, _overwrite, _quality, _keepProfile, _stripLocation]),
        new("Several images", _batch.All),
        new("Result", [_upscale, _longestSide, _strength, _colorFix, _prompt, _promptDir, _seed]),
        new("Model", [_model, _lora, _unmerged, _mix, _dial, _modelT, _coeffT]),
        new("Computation", [_mode, _device, _precision, _tile, _stride, _force]),
        new("Reporting", [_dryRun, Json, Verbose]),
    ];

    /// <summary>Converts the command line to options.</summary>
    /// <exception cref="HypirException">The model does not exist or cannot be used.</exception>
    public RestoreCommandOptions Read(ParseResult line) => Read(line, Models.ModelChoice.Of(line.GetValue(_model)));

    private RestoreCommandOptions Read(ParseResult line, ResolvedModel model) => new()
    {
        Inputs = line.GetValue(Inputs)!,
        Output = line.GetValue(_output),
        Recursive = line.GetValue(_recursive),
        Overwrite = line.GetValue(_overwrite),
        Shard = line.GetValue(_batch.Shard),
        Resume = line.GetValue(_batch.Resume),
        Report = line.GetValue(_batch.Report),
        PromptFolder = line.GetValue(_promptDir),
        Model = model.Path,
        Lora = line.GetValue(_lora) ?? model.Lora,
        Mix = line.GetValue(_mix),
        Force = line.GetValue(_force),
        DryRun = line.GetValue(_dryRun),
        Saving = new SaveSettings
        {
            JpegQuality = line.GetValue(_quality) ?? SaveSettings.Default.JpegQuality,
            WebPQuality = line.GetValue(_quality) ?? SaveSettings.Default.WebPQuality,
            KeepProfile = line.GetValue(_keepProfile),
            StripLocation = line.GetValue(_stripLocation),
        },
        Options = new RestoreOptions
        {
            Upscale = line.GetValue(_upscale) ?? 1,
            LongestSide = line.GetValue(_longestSide),
            Strength = line.GetValue(_strength) ?? 1,
            ColorFix = line.GetValue(_colorFix),
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

    private static WeightMix? MixOf(string token)
    {
        int sign = token.LastIndexOf('=');
        return sign > 0 && double.TryParse(token.AsSpan(sign + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double share)
            && share is >= 0 and <= 1 ? new(token[..sign], share) : null;
    }

    /// <summary>What does not fit together.</summary>
    public IEnumerable<string> Problems(ParseResult line)
    {
        if (line.GetResult(_upscale) is not null && line.GetResult(_longestSide) is not null)
            yield return "--upscale and --longest-side cannot both be given.";
        foreach (string problem in _batch.Problems(line, _overwrite, _dryRun))
            yield return problem;
        string[] inputs = line.GetValue(Inputs) ?? [];
        if (inputs.Length == 0)
            yield return "Name an image or a folder of images.";
        // Otherwise a mistyped option would be treated as a file name.
        foreach (string input in inputs.Where(input => input.StartsWith('-') && !File.Exists(input)))
            yield return $"Unknown option {input}.";
    }
}
