using System.CommandLine;
using Hypir.Engine.Reporting;
using Hypir.Protocol.Client;
using Hypir.Protocol.Transport;
using Hypir.Ui;
using Hypir.Ui.Launch;

namespace Hypir.Engine.Commands;

/// <summary><c>hypir ui</c>.</summary>
internal static class UiCommand
{
    private const string Examples = """
        Examples:
          hypir ui                               opens a page in the browser: drop images on it
          hypir ui scans/*.jpg -o restored/      with images, and a folder for results

        Only this machine and this user can open the page. It computes with the same engine as Paint.NET (hypir serve). The program
        ends 10 minutes after the last page was closed and the last job has finished, or with Ctrl+C.
        """;

    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages)
    {
        var images = new Argument<string[]>("images")
        {
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "IMAGE",
            Description = "Images to begin with.",
        };
        var output = Options.Text("--output", "FOLDER", "Folder for results (default: Hypir in your pictures).", "-o");
        var quiet = Options.Flag("--no-browser", "Do not open the browser; print the address only.");
        var pipe = Options.Parsed<string?>(
            "--pipe", "NAME", $"Name of the engine's pipe (default {PipeName.Default}).",
            "1 to 60 letters, digits, dots, underscores and hyphens", name => PipeName.IsValid(name) ? (true, name) : default);
        var verbose = Options.Verbose();
        Option[] own = [output, quiet, pipe];
        var command = new Command("ui", "Restore images in a window in the browser.") { images };
        foreach (Option option in own.Append(verbose))
            command.Add(option);
        command.SetAction(line => (int)Run(new()
        {
            Output = Path.GetFullPath(line.GetValue(output) ?? UiSettings.UsualOutput),
            Engine = OwnEngine(),
            Pipe = line.GetValue(pipe) ?? PipeName.Default,
            Files = [.. Restoring.Wildcards.Expand(line.GetValue(images) ?? []).Select(Path.GetFullPath)],
        }, line.GetValue(quiet), line.GetValue(verbose)));
        pages.Add(new(command, "hypir ui [IMAGE...] [options]", [new("Options", own), new("General", [verbose])], Examples));
        return command;
    }

    private static EngineLocation OwnEngine()
    {
        var start = OwnProgram.With();
        return new EngineLocation(start.FileName) { Arguments = [.. start.ArgumentList] };
    }

    private static ExitCode Run(UiSettings settings, bool quiet, bool verbose)
    {
        // No deadline: what was uploaded is deleted first.
        using var interruption = new Interruption(() => { }, null);
        try
        {
            return RunAsync(settings, quiet, interruption.Token).GetAwaiter().GetResult();
        }
        catch (Exception failure)
        {
            ErrorText.Write(failure, verbose);
            return ExitCodes.Of(failure);
        }
    }

    private static async Task<ExitCode> RunAsync(UiSettings settings, bool quiet, CancellationToken cancellation)
    {
        (UiServer? window, string address) = await UiServer.StartAsync(settings, cancellation).ConfigureAwait(false);
        await using (window)
        {
            Console.WriteLine(window is null ? $"The window is open already: {address}" : $"The window is at {address}");
            if (!quiet)
                Desktop.Open(address);
            if (window is not null)
                await window.WaitAsync(cancellation).ConfigureAwait(false);
        }
        return cancellation.IsCancellationRequested ? ExitCode.Cancelled : ExitCode.Success;
    }
}
