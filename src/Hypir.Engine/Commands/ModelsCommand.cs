using System.CommandLine;
using Hypir.Engine.Commands.Models;
using Hypir.Engine.Reporting;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Libraries;
using Hypir.Planning.Machine;

namespace Hypir.Engine.Commands;

/// <summary><c>hypir models</c>: commands for models and weight files.</summary>
internal static class ModelsCommand
{
    private const string Examples = """
        Example:
          hypir models convert HYPIR_sd2.pth HYPIR_sd2.safetensors

        No code in a .pth file is ever run: only tensor data is read, everything else is refused.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make(List<HelpPage> pages, IMachine machine)
    {
        var source = new Argument<string>("source")
        {
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "SOURCE",
            Description = "A torch file (.pth, .ckpt, .bin) or a safetensors file.",
        };
        var target = new Argument<string>("target")
        {
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "TARGET",
            Description = "The .safetensors file to write.",
        };
        var overwrite = Options.Flag("--overwrite", "Replace the target if it exists.");
        var verbose = Options.Verbose();
        var convert = new CheckedCommand("convert", "Convert a torch file to safetensors.") { source, target, overwrite, verbose };
        convert.Refuse(
            line => line.GetValue(source) is null || line.GetValue(target) is null, "Name the file to convert and the file to write.");
        convert.Refuse(
            line => line.GetValue(target) is { } file && !file.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase),
            "The file to write is a safetensors file: its name must end in .safetensors.");
        convert.SetAction(line =>
            (int)Convert(line.GetValue(source)!, line.GetValue(target)!, line.GetValue(overwrite), line.GetValue(verbose))
        );
        pages.Add(new(convert, "hypir models convert SOURCE TARGET [options]", [new("Options", [overwrite, verbose])], Examples));

        var models = new Command("models", "List, download, add, check, and convert models.")
        {
            ListCommand.Make(pages),
            PullCommand.Make(pages),
            AddCommand.Make(pages, machine),
            VerifyCommand.Make(pages),
            RemoveCommand.Make(pages),
            LicenseCommand.Make(pages),
            convert,
        };
        pages.Add(
            new(models, "hypir models COMMAND", [], "Run `hypir models COMMAND --help` for details; see docs/models.md for models.")
        );
        return models;
    }

    private static ExitCode Convert(string source, string target, bool overwrite, bool verbose)
    {
        using var interruption = new Interruption(() => Console.Error.WriteLine("Cancelled."), Interruption.Soon);
        try
        {
            if (!overwrite && File.Exists(target))
                throw new OutputException($"{target} already exists.", "Pass --overwrite to replace it.");
            TorchProbe.Require();
            int tensors = CheckpointConverter.Convert(source, target, interruption.Token);
            Console.WriteLine($"{source} -> {target} ({tensors} tensors)");
            return ExitCode.Success;
        }
        catch (Exception failure)
        {
            interruption.ReportOnce(() => ErrorText.Write(failure, verbose));
            return ExitCodes.Of(failure);
        }
    }
}
