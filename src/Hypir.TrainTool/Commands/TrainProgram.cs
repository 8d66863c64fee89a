using System.CommandLine;
using Hypir.Models.Backends;
using Hypir.Planning.Machine;

namespace Hypir.TrainTool.Commands;

/// <summary>The complete command line of <c>hypir-train</c>.</summary>
internal static class TrainProgram
{
    /// <summary>Parses and runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments) =>
        CommandReader.Require(Tree(new ThisMachine()), arguments)
            .Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });

    /// <summary>All commands with their options.</summary>
    /// <param name="machine">Describes this machine.</param>
    public static RootCommand Tree(IMachine machine)
    {
        var root = new RootCommand("Prepares training data for hypir, and trains.")
        {
            DegradeCommand.Make(), InitCommand.Make(), TrainCommand.Make(machine), EvaluateCommand.Make(machine), ExportCommand.Make(),
            BenchDataCommand.Make(),
        };
        // The value has already been applied by LibTorchChoice.
        var libTorch = Options.Text(
            LibTorchChoice.Option,
            "FOLDER|own",
            $"Use the libtorch in this folder (default: {LibTorchChoice.Variable}, the one from `hypir gpu install cuda`, "
                + "or the program's own)."
        );
        libTorch.Recursive = true;
        root.Add(libTorch);
        List<HelpPage> pages = [.. HelpPage.Of(root, "hypir-train")];
        HelpCommand.AddTo(root, "hypir-train", pages);
        CompletionCommand.AddTo(root, "hypir-train", pages);
        HelpPage.Attach(root, pages);
        return root;
    }
}
