using System.CommandLine;
using Hypir.Restoration.Planning;

namespace Hypir.TrainTool.Commands;

/// <summary>The options of <c>hypir-train evaluate</c>.</summary>
internal sealed class EvaluateSymbols
{
    public Option<string> Model { get; } = Hypir.CommandLine.Options.Required("--model", "MODEL", "The model: a folder, a file, or a name of `hypir models list`.", "-m");

    public Option<string?> Lora { get; } = Hypir.CommandLine.Options.Text("--lora", "FILE", "LoRA weights for it.");

    public Option<string[]> Baseline { get; } = Hypir.CommandLine.Options.Several("--baseline", "MODEL", "Another model to compare with; may be given several times. With --lora, the model's own folder measures what the weights bring.");

    public Option<string?> Pairs { get; } = Hypir.CommandLine.Options.Text("--pairs", "FOLDER", "Pairs as `degrade --save-hq` writes them: lq/ and hq/ with equal names.");

    public Option<string?> Images { get; } = Hypir.CommandLine.Options.Text("--images", "FOLDER", "Clean pictures, which are degraded first.");

    public Option<string?> Config { get; } = Hypir.CommandLine.Options.Text("--config", "FILE", "How --images are degraded: a training file. Without it: the reference's degradation.", "-c");

    public Option<long?> Seed { get; } = Hypir.CommandLine.Options.Number("--seed", "N", "Seed of the degradation (default: the configuration's).", 0, long.MaxValue);

    public Option<string?> Output { get; } = Hypir.CommandLine.Options.Text("--output", "FOLDER", "Where evaluation.json and evaluation.html go, and the pairs made of --images.", "-o");

    public Option<int?> Show { get; } = Hypir.CommandLine.Options.Number("--show", "N", "Show the first N pictures with sliders (default 24).", 0, 1000);

    public Option<string?> LpipsVgg { get; } = Hypir.CommandLine.Options.Text("--lpips-vgg", "FILE", "Weights of VGG16 for LPIPS (default: those of `hypir models pull vgg16`; without any, LPIPS is left out).");

    public Option<string?> LpipsLins { get; } = Hypir.CommandLine.Options.Text("--lpips-lins", "FILE", "Weights of LPIPS' linear layers (default: those of `hypir models pull lpips-vgg`).");

    public Option<string?> Mode { get; } = Hypir.CommandLine.Options.OneOf("--mode", "fast (default) or reference.", "fast", "reference");

    public Option<string?> Precision { get; } = Hypir.CommandLine.Options.OneOf("--precision", "auto (default), float32, bfloat16 or float16.", "auto", "float32", "bfloat16", "float16");

    public Option<string?> Device { get; } = Hypir.CommandLine.Options.Device("Where it is computed (default auto).");

    /// <summary>All options, in the order of the help.</summary>
    public IReadOnlyList<Option> Options => [Model, Lora, Baseline, Pairs, Images, Config, Seed, Output, Show, LpipsVgg, LpipsLins, Mode, Precision, Device];

    /// <summary>How pictures are restored.</summary>
    public RestoreOptions Restoring(ParseResult line) => new()
    {
        Mode = Enum.Parse<RestoreMode>(line.GetValue(Mode) ?? nameof(RestoreMode.Fast), ignoreCase: true),
        Precision = Enum.Parse<ComputePrecision>(line.GetValue(Precision) ?? nameof(ComputePrecision.Auto), ignoreCase: true),
        Device = line.GetValue(Device) ?? "auto",
    };

    /// <summary>What does not fit together.</summary>
    public IEnumerable<string> Problems(ParseResult line)
    {
        if (line.GetValue(Pairs) is null == line.GetValue(Images) is null)
            yield return "Name what to measure on: either --pairs FOLDER or --images FOLDER.";
        if (line.GetValue(Pairs) is not null && (line.GetResult(Config) is not null || line.GetResult(Seed) is not null))
            yield return "--config and --seed say how --images are degraded: they have no meaning with --pairs.";
    }
}
