using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Hypir.Engine.Plugins;

namespace Hypir.Engine.Commands;

/// <summary><c>hypir plugin</c>: the effect in Paint.NET.</summary>
internal static class PluginCommand
{
    private const string Editor = "paintdotnet";

    private const string Examples = """
        Examples:
          hypir plugin install                     into every Paint.NET found on this machine
          hypir plugin install --into D:\paint.net into a portable Paint.NET, which must be named

        A Paint.NET for all users needs administrator rights, requested once and only to copy the files.
        """;

    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages)
    {
        var plugin = new Command("plugin", "Install or remove the Paint.NET effect.")
        {
            Change(pages, "install", "Install the effect in Paint.NET, replacing an older version.", Examples, (place, source) =>
            {
                PluginFiles.OfThisProgram(source).Install(place);
                return $"{place.Editor}: version {PluginFiles.VersionOf(place)?.ToString(3)} is in {place.Folder}";
            }),
            Change(pages, "remove", "Remove the effect from Paint.NET.", "", (place, _) =>
                PluginFiles.Remove(place) ? $"{place.Editor}: removed" : $"{place.Editor}: it was not installed"
            ),
            Status(pages),
        };
        pages.Add(
            new(
                plugin, "hypir plugin COMMAND", [],
                "Run `hypir plugin COMMAND --help` for details of a command; see docs/install.md for Paint.NET's folders.")
        );
        return plugin;
    }

    private static Option<string?> Into() =>
        Options.Text("--into", "FOLDER", "Folder of a Paint.NET, or its Effects folder (default: every Paint.NET found).");

    private static Command Status(List<HelpPage> pages)
    {
        var into = Into();
        return PlainCommand.Finish(
            new Command("status", "List installed copies of Paint.NET and whether they have the effect."),
            "hypir plugin status [options]",
            "",
            [into],
            pages,
            (line, _) =>
            {
                var places = Places(line.GetValue(into), allUsersOnly: false);
                foreach (var place in places)
                    Console.WriteLine(
                        $"{place.Editor}: {PluginWords.Of(PluginFiles.VersionOf(place), typeof(PluginCommand).Assembly.GetName().Version!)}"
                    );
                if (places.Count == 0)
                    Console.WriteLine(None);
                return Task.FromResult(ExitCode.Success);
            }
        );
    }

    private static Command Change(
        List<HelpPage> pages, string name, string description, string closing, Func<PluginPlace, string?, string> change)
    {
        var into = Into();
        var source = Options.Text("--plugin", "FOLDER", "Folder of the effect's files (default: plugin next to the program).");
        var elevate = Options.Flag(
            "--elevate", "Request administrator rights from Windows when needed, without asking here first.");
        var allUsers = Options.Flag("--all-users", "Only a Paint.NET installed for all users; for installers.");
        var quiet = Options.Flag("--quiet", "Never ask: fail if a question would be needed; for installers.");
        return PlainCommand.Finish(
            new Command(name, description),
            $"hypir plugin {name} [options]",
            closing,
            [into, source, elevate, allUsers, quiet],
            pages,
            (line, _) =>
            {
                var places = Places(line.GetValue(into), line.GetValue(allUsers));
                if (places.Count == 0 && !OperatingSystem.IsWindows())
                    throw new UsageException(
                        "Paint.NET runs on Windows only.", "Name the folder of a portable Paint.NET or of its effects with --into FOLDER.");
                if (places.Count == 0)
                    throw new PluginException(
                        None,
                        "Install Paint.NET from getpaint.net and start it once, or give the folder of a portable one with --into FOLDER."
                    );
                bool asks = !line.GetValue(quiet) && !Console.IsInputRedirected;
                AskToClose(asks);
                PluginException? refused = null;
                foreach (var place in places)
                {
                    try
                    {
                        Console.WriteLine(change(place, line.GetValue(source)));
                    }
                    catch (PluginException failure)
                        when (failure.NeedsAdministrator
                            && OperatingSystem.IsWindows()
                            && (line.GetValue(elevate)
                                || (asks && Confirmation.Ask(Console.Out, $"{failure.Message} Do it as an administrator?")))
                        )
                    {
                        Elevate(name, place, line.GetValue(source));
                        Console.WriteLine($"{place.Editor}: done as an administrator");
                    }
                    catch (PluginException failure)
                    {
                        refused ??= failure; // Continue with the other places.
                    }
                }

                return refused is null ? Task.FromResult(ExitCode.Success) : throw refused;
            }
        );
    }

    private static string None =>
        OperatingSystem.IsWindows() ? "No Paint.NET was found." : "Paint.NET runs on Windows only; --into FOLDER names a portable one.";

    private static IReadOnlyList<PluginPlace> Places(string? named, bool allUsersOnly) =>
        named is not null ? [PluginPlaces.Named(named)]
        : OperatingSystem.IsWindows() ? [.. PluginPlaces.Find(PdnTraces.Read()).Where(place => place.AllUsers || !allUsersOnly)]
        : [];

    /// <summary>A running Paint.NET has the plug-in's files open and would not load new ones.</summary>
    private static void AskToClose(bool asks)
    {
        while (Process.GetProcessesByName(Editor) is { Length: > 0 } running)
        {
            foreach (var process in running)
                process.Dispose();
            if (!asks || !Confirmation.Ask(Console.Out, "Paint.NET is running. Save your work, close it, then answer yes."))
                throw new PluginException("Paint.NET is running.", "Close it and run again.");
        }
    }

    private static void Elevate(string name, PluginPlace place, string? source)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = true, Verb = "runas" };
        foreach (
            string argument in (string[])
                [
                    "plugin",
                    name,
                    "--into",
                    Path.GetDirectoryName(place.Effects)!,
                    .. source is null ? (string[])[] : ["--plugin", Path.GetFullPath(source)],
                ]
        )
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new PluginException(
                    $"{place.Folder} could not be changed, even as an administrator (exit code {process.ExitCode}).",
                    "Copy the plugin folder there by hand and name it Hypir.");
        }
        catch (Win32Exception failure)
        {
            throw new PluginException(
                $"Windows did not grant administrator rights: {failure.Message}", "Ask the administrator of this machine.", failure);
        }
    }
}
