using System.CommandLine;
using Hypir.Models.Detection;
using Hypir.Models.Download;
using Hypir.Models.Store;

namespace Hypir.Engine.Commands.Models;

/// <summary><c>hypir models add</c>.</summary>
internal static class AddCommand
{
    private const string Examples = """
        Examples:
          hypir models add ~/sd2.1-base                            a folder in diffusers' layout, linked, not copied
          hypir models add v2-1_512-ema-pruned.safetensors --copy  a single file, copied
          hypir models add my-lora.pth --name mine --coeff-t 180   your own weights and their timestep; then: hypir restore a.png -m mine

        Only headers are read. Unsupported models (Stable Diffusion 1 or XL, FLUX ...) are identified and refused.
        """;

    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages)
    {
        var symbols = new StoreSymbols();
        var command = new CheckedCommand("add", "Add a model or LoRA weights that you have.");
        var path = new Argument<string?>("path")
        {
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "PATH",
            Description = "A folder in diffusers' layout, a single-file model, or a file of LoRA weights.",
        };
        command.Add(path);
        command.Refuse(line => line.GetValue(path) is null, "Name the folder or file to add.");
        var name = Options.Text("--name", "NAME", "Name for it (default: the name of the file or folder).");
        var under = Options.Text("--base", "NAME", "Base model of LoRA weights (default: the one that they fit).");
        var copy = Options.Flag("--copy", "Copy the files into the store instead of linking to them.");
        var modelT = Options.Number("--t", "0..999", "Default for --t of restore.", 0, 999);
        var coeffT = Options.Number("--coeff-t", "0..999", "Default for --coeff-t of restore.", 0, 999);
        var tile = Options.Number("--tile", "PX", "Default for --tile of restore.", 8, 1 << 14);
        var stride = Options.Number("--stride", "PX", "Default for --stride of restore.", 8, 1 << 14);
        return StoreCommand.Finish(
            command,
            "hypir models add PATH [options]",
            Examples,
            symbols,
            [name, under, copy, modelT, coeffT, tile, stride],
            pages,
            async (line, interruption) =>
            {
                var store = symbols.Store(line);
                using var downloader = new Downloader();
                var wish = new AddModelOptions
                {
                    Name = line.GetValue(name),
                    Base = line.GetValue(under),
                    Copy = line.GetValue(copy),
                    Defaults = new ModelDefaults(line.GetValue(modelT), line.GetValue(coeffT), line.GetValue(tile), line.GetValue(stride)),
                };
                string added;
                StoredEntry entry;
                DetectedModel detected;
                using (var lines = new DownloadLines())
                {
                    (added, entry, detected) = await new ModelAdder(store, symbols.Manifest(line), AppContext.BaseDirectory, downloader)
                        .AddAsync(line.GetValue(path)!, wish, lines, interruption.Token)
                        .ConfigureAwait(false);
                }

                Console.WriteLine($"{added}: {detected.Title}{(entry.Base is null ? "" : $", on {entry.Base}")}");
                foreach (string note in detected.Notes)
                    Console.WriteLine($"  {note}");
                Console.WriteLine(
                    $"  {(entry.Linked ? "linked" : "copied")}: {Sizes.Of(entry.Files.Sum(file => file.Size))}, {store.PathOf(entry)}");
                return ExitCode.Success;
            }
        );
    }
}

/// <summary><c>hypir models verify</c>.</summary>
internal static class VerifyCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages)
    {
        var symbols = new StoreSymbols();
        var command = new CheckedCommand("verify", "Check that models are complete and unchanged.");
        var name = StoreCommand.Name(command, needed: false);
        return StoreCommand.Finish(
            command,
            "hypir models verify [NAME] [options]",
            "Without a name, all models are checked. To replace a bad file, run `hypir models pull NAME`.",
            symbols,
            [],
            pages,
            async (line, interruption) =>
            {
                var store = symbols.Store(line);
                string[] names = line.GetValue(name) is { } one ? [one] : [.. store.Read().Entries.Keys];
                bool right = true;
                foreach (string model in names)
                {
                    foreach (
                        var (file, check) in await new ModelVerifier(store)
                            .VerifyAsync(model, null, interruption.Token)
                            .ConfigureAwait(false)
                    )
                    {
                        right &= check is FileCheck.Right or FileCheck.PinnedNow;
                        string where = file.Path.Length > 0 ? $"{model}/{file.Path}" : model;
                        Console.WriteLine($"{where}: {Words(check, file)}");
                    }
                }

                return right ? ExitCode.Success : ExitCode.BadFile;
            }
        );
    }

    private static string Words(FileCheck check, StoredFile file) =>
        check switch
        {
            FileCheck.Right => file.Pinned ? "unchanged since first seen here" : "right",
            FileCheck.PinnedNow => $"sha256 {file.Sha256} from now on",
            FileCheck.Missing => "MISSING",
            FileCheck.WrongLength => $"WRONG LENGTH, not {Sizes.Of(file.Size)}",
            FileCheck.WrongHash => "CHANGED OR DAMAGED: its SHA-256 differs",
            _ => "CANNOT BE READ",
        };
}
