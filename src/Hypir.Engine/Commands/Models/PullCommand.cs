using System.CommandLine;
using Hypir.Models.Download;
using Hypir.Models.Manifests;
using Hypir.Models.Store;

namespace Hypir.Engine.Commands.Models;

/// <summary><c>hypir models pull</c>.</summary>
internal static class PullCommand
{
    private const string Examples = """
        Examples:
          hypir models pull hypir                        HYPIR's weights, and Stable Diffusion 2.1-base that they are for
          hypir models pull sd2.1-base --from D:\sd21    from a folder that has the files, or an address

        Ctrl+C ends a download; the next call goes on where it stopped. A proxy is taken from HTTPS_PROXY.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make(List<HelpPage> pages)
    {
        var symbols = new StoreSymbols();
        var command = new CheckedCommand("pull", "Download a model, and the one that it builds on.");
        var name = StoreCommand.Name(command);
        var from = Options.Text("--from", "FOLDER|ADDRESS", "Look here first for the files of this model.");
        var accept = Options.Flag("--accept-licence", "Accept the licences without being asked, after having read them.");
        return StoreCommand.Finish(command, "hypir models pull NAME [options]", Examples, symbols, [from, accept], pages, async (line, interruption) =>
        {
            var (store, manifest, wanted) = (symbols.Store(line), symbols.Manifest(line), line.GetValue(name)!);
            using var downloader = new Downloader();
            var puller = new ModelPuller(store, manifest, downloader);
            foreach (var licence in puller.MissingLicences(wanted))
                await AskAsync(store, licence, wanted, line.GetValue(accept), interruption.Token).ConfigureAwait(false);
            using (var lines = new DownloadLines())
                await puller.PullAsync(wanted, line.GetValue(from), lines, interruption.Token).ConfigureAwait(false);
            Tell(store, manifest, wanted);
            return ExitCode.Success;
        });
    }

    private static async Task AskAsync(ModelStore store, License licence, string wanted, bool accept, CancellationToken cancellation)
    {
        Console.WriteLine(licence.Text);
        Console.WriteLine();
        if (!accept)
        {
            if (Console.IsInputRedirected)
                throw new UsageException($"{licence.Name}: this licence has not been accepted on this machine.", $"Read it (`hypir models licence {wanted}`) and call again with --accept-licence.");
            Console.Write("Do you accept it? (yes/no) ");
            if (Console.ReadLine()?.Trim().ToUpperInvariant() is not ("YES" or "Y"))
                throw new OperationCanceledException("The licence was not accepted.");
        }

        await Licenses.AcceptAsync(store, licence, DateTimeOffset.UtcNow, cancellation).ConfigureAwait(false);
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
            Console.WriteLine($"{entry.Name}: {here.Files.Count} {(here.Files.Count == 1 ? "file" : "files")}, {Sizes.Of(here.Files.Sum(file => file.Size))}, {store.PathOf(here)}");
            if (pinned > 0)
                Console.WriteLine($"  of {pinned} of them no hash was known: what came is kept in mind from now on");
        }
    }
}
