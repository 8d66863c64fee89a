using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Hypir.Models.Download;
using Hypir.Models.Manifests;
using Hypir.Models.Store;
using Spectre.Console;

namespace Hypir.Engine.Commands.Models;

/// <summary><c>hypir models pull</c>.</summary>
internal static class PullCommand
{
    private const string Examples = """
        Examples:
          hypir models pull hypir                        HYPIR's weights and their base, Stable Diffusion 2.1-base
          hypir models pull sd2.1-base --from D:\sd21    from a folder that has the files, or a URL

        Ctrl+C stops a download; the next call resumes it. HTTPS_PROXY sets a proxy.
        """;

    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages)
    {
        var symbols = new StoreSymbols();
        var command = new CheckedCommand("pull", "Download a model and its base model.");
        var name = StoreCommand.Name(command);
        var from = Options.Text("--from", "FOLDER|ADDRESS", "Look here first for the model's files.");
        var accept = Options.Flag(
            "--accept-license", "Accept the licenses without a prompt; read them first.", "--accept-licence");
        return StoreCommand.Finish(
            command,
            "hypir models pull NAME [options]",
            Examples,
            symbols,
            [from, accept],
            pages,
            async (line, interruption) =>
            {
                var (store, manifest, wanted) = (symbols.Store(line), symbols.Manifest(line), line.GetValue(name)!);
                using var downloader = new Downloader();
                var puller = new ModelPuller(store, manifest, downloader);
                foreach (var license in puller.MissingLicences(wanted))
                    await AskAsync(store, license, wanted, line.GetValue(accept), interruption.Token).ConfigureAwait(false);
                using (var lines = new DownloadLines())
                    await puller.PullAsync(wanted, line.GetValue(from), lines, interruption.Token).ConfigureAwait(false);
                Tell(store, manifest, wanted);
                return ExitCode.Success;
            }
        );
    }

    private static async Task AskAsync(ModelStore store, License license, string wanted, bool accept, CancellationToken cancellation)
    {
        Console.WriteLine(license.Text);
        Console.WriteLine();
        if (!accept)
        {
            if (Console.IsInputRedirected)
                throw new UsageException(
                    $"{license.Name}: this license has not been accepted on this machine.",
                    $"Read it (`hypir models license {wanted}`), then run again with --accept-license.");
            if (!Confirmation.Ask(Console.Out, "Do you accept it?"))
                throw new UsageException("The license was not accepted; nothing was downloaded.");
        }

        await Licenses.AcceptAsync(store, license, DateTimeOffset.UtcNow, cancellation).ConfigureAwait(false);
    }

    private static void Tell(ModelStore store, Manifest manifest, string wanted)
    {
        var entries = store.Read().Entries;
        foreach (var entry in manifest.WithBases(wanted))
        {
            if (!entries.TryGetValue(entry.Name, out var here))
            {
                Console.WriteLine($"{entry.Name}: comes with the program");
                continue;
            }

            int pinned = here.Files.Count(file => file.Pinned);
            Console.WriteLine(
                $"{entry.Name}: {here.Files.Count} {(here.Files.Count == 1 ? "file" : "files")}, "
                    + $"{Sizes.Of(here.Files.Sum(file => file.Size))}, {store.PathOf(here)}"
            );
            if (pinned > 0)
                Console.WriteLine($"  {pinned} without a published hash: their hashes are recorded and checked from now on");
        }
    }
}

/// <summary>Shows downloads on the error stream: a bar on a terminal, occasional lines elsewhere.</summary>
internal sealed class DownloadLines : IProgress<DownloadProgress>, IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private readonly IAnsiConsole _console = ErrorConsole.Open();
    private readonly Lock _lock = new();
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private (string Target, DownloadStage Stage, string? Trouble)? _last;
    private ProgressDisplay? _display;

    /// <inheritdoc/>
    public void Report(DownloadProgress value)
    {
        lock (_lock)
        {
            string name = Path.GetFileName(value.Target), what = Words(value);
            var now = (value.Target, value.Stage, value.Trouble);
            bool changed = now != _last;
            _last = now;
            if (ErrorConsole.IsLive(_console))
            {
                if (value.Trouble is not null && changed)
                    _console.WriteLine($"{name}: {what}");
                _display ??= new(_console, name);
                _display.Set(value.Total is > 0 and var total ? (double)value.Received / total : 0, name, what);
            }
            else if ((changed && value.Stage is not (DownloadStage.Connecting or DownloadStage.Checking)) || _since.Elapsed >= Between)
            {
                _console.WriteLine($"{name}: {what}");
                _since.Restart();
            }
        }
    }

    /// <summary>Removes the bar.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _display?.Dispose();
            _display = null;
        }
    }

    private static string Words(DownloadProgress progress)
    {
        string amount = progress.Total is { } total ? $"{Sizes.Of(progress.Received)} of {Sizes.Of(total)}" : Sizes.Of(progress.Received);
        return progress.Stage switch
        {
            DownloadStage.WaitingForOther => "waiting for another process that is downloading it",
            DownloadStage.Checking => $"checking existing files ({Sizes.Of(progress.Received)})",
            DownloadStage.Connecting => $"connecting to {progress.Source}",
            DownloadStage.Unpacking => $"unpacking {amount}",
            DownloadStage.WaitingToRetry =>
                $"{progress.Trouble} {Try(progress.Tries)} in {Reporting.Words.Of(progress.Wait ?? TimeSpan.Zero)}.",
            _ => $"{amount} from {progress.Source}{Rate(progress)}",
        };
    }

    private static string Try((int Next, int Of)? tries) =>
        tries is var (next, of) ? string.Create(CultureInfo.InvariantCulture, $"Try {next} of {of}") : "Next try";

    private static string Rate(DownloadProgress progress) =>
        progress.BytesPerSecond <= 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {Sizes.Of((long)progress.BytesPerSecond)}/s")
                + (progress.Remaining is { } left ? $", {Reporting.Words.Of(left)} left" : "");
}
