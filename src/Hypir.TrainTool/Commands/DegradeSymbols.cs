using System.CommandLine;
using System.CommandLine.Parsing;

namespace Hypir.TrainTool.Commands;

/// <summary>The arguments and options of <c>hypir-train degrade</c>.</summary>
internal sealed class DegradeSymbols
{
    public Argument<string[]> Inputs { get; } = new("INPUT")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Pictures, folders of them, or lists: .parquet, .csv, .jsonl, .txt, .list. Without any: the configuration's file_list.",
    };

    public Option<string?> Output { get; } = new("--output", "-o") { HelpName = "FOLDER", Description = "Where everything goes: lq/, hq/, recipes, contact sheet." };

    public Option<string?> Config { get; } = new("--config", "-c") { HelpName = "FILE", Description = "A training file, such as the reference's sd2_train.yaml. Without it: its degradation, whole pictures, no flips." };

    public Option<long?> Seed { get; } = new("--seed") { HelpName = "N", Description = "Seed of all choices (default: the configuration's, else 231). Equal seeds give equal bytes." };

    public Option<int> Count { get; } = new("--count") { HelpName = "K", Description = "Degrade each picture so many times (default 1).", DefaultValueFactory = _ => 1 };

    public Option<bool> SaveHq { get; } = new("--save-hq") { Description = "Write the clean pictures too: cut, turned and sharpened, what a model is to aim at." };

    public Option<bool> Recipes { get; } = new("--recipes") { Description = "Write every choice, one recipe a line, to recipes.jsonl." };

    public Option<bool> Yaml { get; } = new("--yaml") { Description = "Write the recipes as YAML, to recipes.yaml." };

    public Option<string?> Replay { get; } = new("--replay") { HelpName = "FILE", Description = "Do again what a file of recipes says (.jsonl, .json, .yaml). Pictures are found by their names among INPUT, or where the recipes say." };

    public Option<bool> PrintConfig { get; } = new("--print-config") { Description = "Print the configuration in force with every key explained, and do nothing else." };

    public Option<int> ContactSheet { get; } = new("--contact-sheet") { HelpName = "N", Description = "Show the first N pairs on the contact sheet (default 40; 0: no sheet).", DefaultValueFactory = _ => 40 };

    public Option<int?> Workers { get; } = new("--workers") { HelpName = "N", Description = "Threads (default: the processor's). The result does not depend on it." };

    public Option<bool> Recursive { get; } = new("--recursive", "-r") { Description = "Search folders with their subfolders." };

    public Option<bool> Overwrite { get; } = new("--overwrite") { Description = "Write into a folder that holds results already." };

    public Option<string?> ImagePathKey { get; } = new("--image-path-key") { HelpName = "COLUMN", Description = "A list's column of paths (default: the configuration's, else image_path)." };

    public Option<string?> PromptKey { get; } = new("--prompt-key") { HelpName = "COLUMN", Description = "A list's column of captions, or none (default: the configuration's, else prompt where there is one)." };

    public Option<string?> ImagePathPrefix { get; } = new("--image-path-prefix") { HelpName = "FOLDER", Description = "The folder that a list's paths are relative to." };

    /// <summary>All options, in the order of the help.</summary>
    public IReadOnlyList<Option> Options =>
    [
        Output, Config, Seed, Count, SaveHq, Recipes, Yaml, Replay, PrintConfig, ContactSheet, Workers, Recursive, Overwrite, ImagePathKey, PromptKey, ImagePathPrefix,
    ];

    /// <summary>Checks that belong to no single option, and bounds.</summary>
    public void Validate(CommandResult line)
    {
        if (line.GetValue(Output) is null && !line.GetValue(PrintConfig))
            line.AddError("Name the folder for the results: --output FOLDER.");
        if (line.GetResult(Count) is { Errors: var wrong } && !wrong.Any() && line.GetValue(Count) is < 1 or > 1_000_000)
            line.AddError("--count is a number from 1 to 1000000.");
        if (line.GetValue(ContactSheet) is < 0 or > 10_000)
            line.AddError("--contact-sheet is a number from 0 to 10000.");
        if (line.GetValue(Workers) is < 1 or > 256)
            line.AddError("--workers is a number from 1 to 256.");
        if (line.GetValue(Seed) < 0)
            line.AddError("--seed is a number of 0 or more.");
        if (line.GetValue(Replay) is not null && (line.GetResult(Seed) is not null || line.GetResult(Count) is { Implicit: false } || line.GetResult(Config) is not null))
            line.AddError("--replay repeats what was chosen: --seed, --count and --config have no meaning with it.");
        foreach (string input in (line.GetValue(Inputs) ?? []).Where(input => input.StartsWith('-') && !File.Exists(input)))
            line.AddError($"There is no option {input}.");
    }
}
