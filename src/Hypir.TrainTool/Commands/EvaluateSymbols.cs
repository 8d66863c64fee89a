using System.CommandLine;
using System.CommandLine.Parsing;
using Hypir.Restoration.Planning;

namespace Hypir.TrainTool.Commands;

/// <summary>The options of <c>hypir-train evaluate</c>.</summary>
internal sealed class EvaluateSymbols
{
    public Option<string> Model { get; } = new("--model", "-m") { HelpName = "MODEL", Description = "The model: a folder, a file, or a name of `hypir models list`.", Required = true };

    public Option<string?> Lora { get; } = new("--lora") { HelpName = "FILE", Description = "LoRA weights for it." };

    public Option<string[]> Baseline { get; } = new("--baseline") { HelpName = "MODEL", Description = "Another model to compare with; may be given several times. With --lora, the model's own folder measures what the weights bring.", DefaultValueFactory = _ => [] };

    public Option<string?> Pairs { get; } = new("--pairs") { HelpName = "FOLDER", Description = "Pairs as `degrade --save-hq` writes them: lq/ and hq/ with equal names." };

    public Option<string?> Images { get; } = new("--images") { HelpName = "FOLDER", Description = "Clean pictures, which are degraded first." };

    public Option<string?> Config { get; } = new("--config", "-c") { HelpName = "FILE", Description = "How --images are degraded: a training file. Without it: the reference's degradation." };

    public Option<long?> Seed { get; } = new("--seed") { HelpName = "N", Description = "Seed of the degradation (default: the configuration's)." };

    public Option<string?> Output { get; } = new("--output", "-o") { HelpName = "FOLDER", Description = "Where evaluation.json and evaluation.html go, and the pairs made of --images." };

    public Option<int> Show { get; } = new("--show") { HelpName = "N", Description = "Show the first N pictures with sliders (default 24).", DefaultValueFactory = _ => 24 };

    public Option<string?> LpipsVgg { get; } = new("--lpips-vgg") { HelpName = "FILE", Description = "Weights of VGG16 for LPIPS (default: those of `hypir models pull vgg16`; without any, LPIPS is left out)." };

    public Option<string?> LpipsLins { get; } = new("--lpips-lins") { HelpName = "FILE", Description = "Weights of LPIPS' linear layers (default: those of `hypir models pull lpips-vgg`)." };

    public Option<string?> Mode { get; } = Choices.OneOf("--mode", "fast (default) or reference.", "fast", "reference");

    public Option<string?> Precision { get; } = Choices.OneOf("--precision", "auto (default), float32, bfloat16 or float16.", "auto", "float32", "bfloat16", "float16");

    public Option<string> Device { get; } = new("--device") { HelpName = "DEVICE", Description = "auto (default), cpu, cuda or cuda:N.", DefaultValueFactory = _ => "auto" };

    /// <summary>All options, in the order of the help.</summary>
    public IReadOnlyList<Option> Options => [Model, Lora, Baseline, Pairs, Images, Config, Seed, Output, Show, LpipsVgg, LpipsLins, Mode, Precision, Device];

    /// <summary>How pictures are restored.</summary>
    public RestoreOptions Restoring(ParseResult line) => new()
    {
        Mode = Enum.Parse<RestoreMode>(line.GetValue(Mode) ?? nameof(RestoreMode.Fast), ignoreCase: true),
        Precision = Enum.Parse<ComputePrecision>(line.GetValue(Precision) ?? nameof(ComputePrecision.Auto), ignoreCase: true),
        Device = line.GetValue(Device)!,
    };

    /// <summary>Checks that belong to no single option, and bounds.</summary>
    public void Validate(CommandResult line)
    {
        if (line.GetValue(Pairs) is null == line.GetValue(Images) is null)
            line.AddError("Name what to measure on: either --pairs FOLDER or --images FOLDER.");
        if (line.GetValue(Pairs) is not null && (line.GetResult(Config) is not null || line.GetResult(Seed) is not null))
            line.AddError("--config and --seed say how --images are degraded: they have no meaning with --pairs.");
        if (line.GetValue(Show) is < 0 or > 1000)
            line.AddError("--show is a number from 0 to 1000.");
        if (line.GetValue(Seed) < 0)
            line.AddError("--seed is a number of 0 or more.");
    }
}
