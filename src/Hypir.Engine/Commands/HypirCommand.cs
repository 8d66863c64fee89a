using System.CommandLine;
using System.CommandLine.Help;
using Hypir.Engine.Reporting;
using Hypir.Engine.Restoring;
using Hypir.Imaging.Formats;
using Hypir.Models.Backends;
using Hypir.Planning.Machine;

namespace Hypir.Engine.Commands;

/// <summary>The complete command line of the program.</summary>
internal static class HypirCommand
{
    private const string Examples = """
        Examples:
          hypir photo.jpg                     writes photo.restored.png next to it; short for hypir restore photo.jpg
          hypir restore scans/ -o restored/   every image in a folder
          hypir help restore                  all options
        """;

    /// <summary>Parses and runs a command line.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="machine">The machine.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, IMachine machine)
    {
        ParseResult line;
        try
        {
            var root = Tree(machine);
            line = CommandReader.Require(root, StartsWithImage(root, arguments) ? ["restore", .. arguments] : arguments);
        }
        catch (UsageException failure)
        {
            Reporters.Choose(json: arguments.Contains("--json"), verbose: false).Failed(null, failure);
            return (int)ExitCodes.Of(failure);
        }

        return line.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>
    /// Whether an image or a folder takes the place of the command, as when images are dropped on the program's icon. Commands come first,
    /// even if there is a file of that name.
    /// </summary>
    private static bool StartsWithImage(RootCommand root, string[] arguments) =>
        arguments is [StandardImages.Sign, ..]
        || (arguments is [var first, ..] && !first.StartsWith('-') && root.Subcommands.All(command => command.Name != first)
            && (ImageFormats.HasImageExtension(first) || Wildcards.IsPattern(first) || Path.Exists(first)));

    /// <summary>All commands with their options.</summary>
    /// <param name="machine">The machine.</param>
    public static RootCommand Tree(IMachine machine)
    {
        List<HelpPage> pages = [];
        var root = new RootCommand("Restores photographs with a one-step diffusion model: sharp, clean, enlarged if wanted.")
        {
            RestoreCommand.Make(pages, machine),
            UiCommand.Make(pages),
            ModelsCommand.Make(pages, machine),
            GpuCommand.Make(pages, machine),
            PluginCommand.Make(pages),
            DoctorCommand.Make(pages, machine),
            ServeCommand.Make(pages, machine),
            BenchCommand.Make(pages, machine),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        var version = root.Options.OfType<VersionOption>().Single();
        (help.Description, version.Description) = (
            "Show help; also works for each command.", "Show the versions of the program and its libraries, and the device.");
        // The value has already been applied by LibTorchChoice.
        var libTorch = Options.Text(
            LibTorchChoice.Option,
            "FOLDER|own",
            $"Use the libtorch in this folder; works with every command (default: {LibTorchChoice.Variable}, the one from `hypir gpu "
                + "install`, or the program's own)."
        );
        libTorch.Recursive = true;
        root.Add(libTorch);
        HelpCommand.AddTo(root, "hypir", pages);
        CompletionCommand.AddTo(root, "hypir", pages);
        pages.Add(new(root, "hypir COMMAND | IMAGE...", [new("Options", [help, version, libTorch])], Examples));
        HelpPage.Attach(root, pages);
        version.Action = new PageAction(_ => VersionReport.Write(Console.Out, machine.Look()));
        return root;
    }
}
