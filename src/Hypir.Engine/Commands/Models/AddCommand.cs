using System.CommandLine;
using Hypir.Engine.Reporting;
using Hypir.Models.Detection;
using Hypir.Models.Download;
using Hypir.Models.Store;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Commands.Models;

/// <summary><c>hypir models add</c>.</summary>
internal static class AddCommand
{
    private const string Examples = """
        Examples:
          hypir models add ~/sd2.1-base                            a folder in diffusers' layout, linked, not copied
          hypir models add v2-1_512-ema-pruned.safetensors --copy  a single file, copied
          hypir models add RealESRGAN_x4plus.pth other.param       single-pass networks, as many as you like
          hypir models add my-lora.pth --name mine --coeff-t 180   your own weights, with what they are used with;
        """ + """
         then: hypir restore a.png -m mine

        Only headers are read. Unsupported models (Stable Diffusion 1 or XL, FLUX ...) are identified and refused.
        """;

    /// <summary>Makes the command.</summary>
    public static Command Make(List<HelpPage> pages, IMachine machine)
    {
        var symbols = new StoreSymbols();
        var command = new CheckedCommand("add", "Add models or LoRA weights that you have.");
        var paths = new Argument<string[]>("path")
        {
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "PATH",
            Description = "A folder in diffusers' layout, a single-file model, a single-pass network, or a file of LoRA weights.",
        };
        command.Add(paths);
        var name = Options.Text("--name", "NAME", "What it is to be called (default: as the file or folder).");
        command.Refuse(line => line.GetValue(paths) is not { Length: > 0 }, "Name the folder or file to add.");
        command.Refuse(
            line => line.GetValue(paths) is { Length: > 1 } && line.GetValue(name) is not null,
            "--name is for one path: several are given.");
        var under = Options.Text("--base", "NAME", "The model that LoRA weights are for (default: the one that they fit).");
        var copy = Options.Flag("--copy", "Copy the files into the store. Otherwise they stay where they are.");
        var modelT = Options.Number("--t", "0..999", "Default for --t of restore.", 0, 999);
        var coeffT = Options.Number("--coeff-t", "0..999", "Default for --coeff-t of restore.", 0, 999);
        var tile = Options.Number("--tile", "PX", "Default for --tile of restore.", 8, 1 << 14);
        var stride = Options.Number("--stride", "PX", "Default for --stride of restore.", 8, 1 << 14);
        return StoreCommand.Finish(
            command,
            "hypir models add PATH... [options]",
            Examples,
            symbols,
            [name, under, copy, modelT, coeffT, tile, stride],
            pages,
            async (line, interruption) =>
            {
                using var downloader = new Downloader();
                var wish = new AddModelOptions
                {
                    Name = line.GetValue(name),
                    Base = line.GetValue(under),
                    Copy = line.GetValue(copy),
                    Defaults = new ModelDefaults(line.GetValue(modelT), line.GetValue(coeffT), line.GetValue(tile), line.GetValue(stride)),
                };
                var store = symbols.Store(line);
                var adder = new ModelAdder(store, symbols.Manifest(line), AppContext.BaseDirectory, downloader);
                string[] all = line.GetValue(paths)!;
                int refused = 0;
                foreach (string path in all)
                {
                    try
                    {
                        await AddAsync(adder, store, path, wish, machine, interruption.Token).ConfigureAwait(false);
                    }
                    catch (HypirException failure) when (all.Length > 1)
                    {
                        ErrorText.Write(failure, line.GetValue(symbols.Verbose));
                        refused++;
                    }
                }

                return refused == 0 ? ExitCode.Success : ExitCode.SomeFailed;
            }
        );
    }

    private static async Task AddAsync(
        ModelAdder adder, ModelStore store, string path, AddModelOptions wish, IMachine machine, CancellationToken cancellation)
    {
        string added;
        StoredEntry entry;
        DetectedModel detected;
        using (var lines = new DownloadLines())
            (added, entry, detected) = await adder.AddAsync(path, wish, lines, cancellation).ConfigureAwait(false);
        Console.WriteLine($"{added}: {detected.Title}{(entry.Base is null ? "" : $", on {entry.Base}")}");
        foreach (string note in detected.Notes)
            Console.WriteLine($"  {note}");
        if (detected.IsSinglePass)
            Console.WriteLine($"  {Need(store.PathOf(entry), machine)}");
        Console.WriteLine(
            $"  {(entry.Linked ? "linked" : "copied")}: {Sizes.Of(entry.Files.Sum(file => file.Size))}, {store.PathOf(entry)}");
    }

    /// <summary>What a photo of usual size for the Internet takes on this machine.</summary>
    private static string Need(string path, IMachine machine)
    {
        const int Side = 512;
        ModelFacts facts = ModelSource.Open(path).Facts;
        var here = machine.Look() with { Speeds = AppFolder.Speeds.Read() };
        RestorePlan plan = RestorePlan.Create(
            Side, Side, false, new() { Upscale = facts.SinglePass!.Scale }, facts, here);
        string time = plan.Seconds is { } seconds ? $"about {PlanFigures.Duration(seconds)}" : "time unknown before the first run here";
        return $"{Side}x{Side} to {plan.Sizes.Scaled}: about {PlanFigures.Memory(plan.ComputeMemory)}, {time}";
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
                if (names.Length == 0)
                    Console.WriteLine("No models are installed besides those that come with the program: there is nothing to verify.");
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
