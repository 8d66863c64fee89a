using System.CommandLine;
using Hypir.Planning;

namespace Hypir.TrainTool.Commands;

/// <summary>The arguments and options of <c>hypir-train degrade</c>.</summary>
internal sealed class DegradeSymbols
{
    public Argument<string[]> Inputs { get; } =
        new("INPUT")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description =
                "Images, folders of them, or lists: .parquet, .csv, .jsonl, .txt, .list. Default: the configuration's file_list.",
        };

    public Option<string?> Output { get; } =
        Options.Text("--output", "FOLDER", "Folder for all results: lq/, hq/, recipes, contact sheet.", "-o");

    public Option<string?> Config { get; } =
        Options.Text(
            "--config", "FILE",
            "A training file, such as the reference's sd2_train.yaml. Default: the reference's degradation, whole images, no flips.", "-c");

    public Option<long?> Seed { get; } =
        Options.Number(
            "--seed", "N", $"Seed of all choices (default: the configuration's, else {Defaults.Seed}). Equal seeds give equal bytes.", 0,
            long.MaxValue);

    public Option<int?> Count { get; } =
        Options.Number("--count", "K", "Degrade each image this many times (default 1).", 1, 1_000_000);

    public Option<bool> SaveHq { get; } =
        Options.Flag("--save-hq", "Also write the clean images (cropped, flipped, sharpened): the targets for a model.");

    public Option<bool> Recipes { get; } =
        Options.Flag("--recipes", "Write every random choice to recipes.jsonl, one recipe per line.");

    public Option<bool> Yaml { get; } = Options.Flag("--yaml", "Write the recipes as YAML, to recipes.yaml.");

    public Option<string?> Replay { get; } =
        Options.Text(
            "--replay",
            "FILE",
            "Repeat the recipes in a file (.jsonl, .json, .yaml). Images are found by name in INPUT, or at the paths in the recipes."
        );

    public Option<bool> PrintConfig { get; } =
        Options.Flag("--print-config", "Print the effective configuration, with every key explained, and exit.");

    public Option<int?> ContactSheet { get; } =
        Options.Number(
            "--contact-sheet", "N", "Show the first N pairs on the contact sheet (default 40; 0: no sheet).", 0, 10_000);

    public Option<int?> Workers { get; } =
        Options.Number("--workers", "N", "Threads (default: all cores). Results do not depend on this.", 1, 256);

    public Option<bool> Recursive { get; } = Options.Flag("--recursive", "Search folders recursively.", "-r");

    public Option<bool> Overwrite { get; } =
        Options.Flag("--overwrite", "Write into a folder that already has results.");

    public Option<string?> ImagePathKey { get; } =
        Options.Text(
            "--image-path-key", "COLUMN", "A list's column of paths (default: the configuration's, else image_path).");

    public Option<string?> PromptKey { get; } =
        Options.Text(
            "--prompt-key",
            "COLUMN",
            "A list's column of captions, or none (default: the configuration's, else prompt if present)."
        );

    public Option<string?> ImagePathPrefix { get; } =
        Options.Text("--image-path-prefix", "FOLDER", "The folder that a list's paths are relative to.");

    /// <summary>All options, in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
        [
            Output, Config, Seed, Count, SaveHq, Recipes, Yaml, Replay, PrintConfig, ContactSheet, Workers, Recursive, Overwrite,
            ImagePathKey, PromptKey, ImagePathPrefix,
        ];

    /// <summary>Conflicts between the options.</summary>
    public IEnumerable<string> Problems(ParseResult line)
    {
        if (line.GetValue(Output) is null && !line.GetValue(PrintConfig))
            yield return "Name the folder for the results: --output FOLDER.";
        if (
            line.GetValue(Replay) is not null
            && (line.GetResult(Seed) is not null || line.GetResult(Count) is not null || line.GetResult(Config) is not null)
        )
            yield return "--replay repeats recorded choices: --seed, --count and --config cannot be combined with it.";
    }
}

/// <summary>The options of <c>hypir-train evaluate</c>.</summary>
internal sealed class EvaluateSymbols
{
    public Option<string> Model { get; } =
        Options.Required("--model", "MODEL", "The model: a folder, a file, or a name of `hypir models list`.", "-m");

    public Option<string?> Lora { get; } = Options.Text("--lora", "FILE", "LoRA weights for the model.");

    public Option<string[]> Baseline { get; } =
        Options.Several(
            "--baseline",
            "MODEL",
            "Another model to compare with; may be repeated. With --lora, the model's own folder shows the effect of the weights."
        );

    public Option<string?> Pairs { get; } =
        Options.Text("--pairs", "FOLDER", "Pairs as `degrade --save-hq` writes them: lq/ and hq/ with equal names.");

    public Option<string?> Images { get; } =
        Options.Text("--images", "FOLDER", "Clean images to degrade first.");

    public Option<string?> Config { get; } =
        Options.Text(
            "--config", "FILE", "A training file that defines the degradation of --images. Default: the reference's degradation.", "-c");

    public Option<long?> Seed { get; } =
        Options.Number("--seed", "N", "Seed of the degradation (default: the configuration's).", 0, long.MaxValue);

    public Option<string?> Output { get; } =
        Options.Text(
            "--output", "FOLDER", "Folder for evaluation.json, evaluation.html, and the pairs made from --images.", "-o");

    public Option<int?> Show { get; } =
        Options.Number("--show", "N", "Show the first N images with sliders (default 24).", 0, 1000);

    public Option<string?> LpipsVgg { get; } =
        Options.Text(
            "--lpips-vgg", "FILE",
            "Weights of VGG16 for LPIPS (default: those of `hypir models pull vgg16`; LPIPS is omitted if not installed).");

    public Option<string?> LpipsLins { get; } =
        Options.Text(
            "--lpips-lins", "FILE", "Weights of LPIPS' linear layers (default: those of `hypir models pull lpips-vgg`).");

    public Option<string?> Mode { get; } = Options.OneOf("--mode", "fast (default) or reference.", "fast", "reference");

    public Option<string?> Precision { get; } =
        Options.OneOf(
            "--precision", "auto (default), float32, bfloat16 or float16.", "auto", "float32", "bfloat16", "float16");

    public Option<string?> Device { get; } = Options.Device("Device to compute on (default auto).");

    /// <summary>All options, in the order of the help.</summary>
    public IReadOnlyList<Option> All =>
        [Model, Lora, Baseline, Pairs, Images, Config, Seed, Output, Show, LpipsVgg, LpipsLins, Mode, Precision, Device];

    /// <summary>The restoration options.</summary>
    public RestoreOptions Restoring(ParseResult line) => new()
    {
        Mode = Enum.Parse<RestoreMode>(line.GetValue(Mode) ?? nameof(RestoreMode.Fast), ignoreCase: true),
        Precision = Enum.Parse<ComputePrecision>(line.GetValue(Precision) ?? nameof(ComputePrecision.Auto), ignoreCase: true),
        Device = line.GetValue(Device) ?? "auto",
    };

    /// <summary>Conflicts between the options.</summary>
    public IEnumerable<string> Problems(ParseResult line)
    {
        if (line.GetValue(Pairs) is null == line.GetValue(Images) is null)
            yield return "Give the images to measure: either --pairs FOLDER or --images FOLDER.";
        if (line.GetValue(Pairs) is not null && (line.GetResult(Config) is not null || line.GetResult(Seed) is not null))
            yield return "--config and --seed define how --images are degraded: they cannot be combined with --pairs.";
    }
}
