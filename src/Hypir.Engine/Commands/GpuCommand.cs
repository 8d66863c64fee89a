using System.CommandLine;
using Hypir.Engine.Commands.Models;
using Hypir.Models.Backends;
using Hypir.Models.Store;
using Hypir.Onnx.SelfTests;
using Hypir.Planning.Machine;
using Hypir.Server.Gpu;

namespace Hypir.Engine.Commands;

/// <summary><c>hypir gpu</c>: computing on GPUs.</summary>
internal static class GpuCommand
{
    private const string AnyWord = "any";
    private const string CudaWord = "cuda";

    private const string Examples = """
        Examples:
          hypir gpu install                      show what fits this machine
          hypir gpu install any                  download and unpack what computes on GPUs of any vendor (experimental)
          hypir gpu install cuda                 download and unpack what computes on NVIDIA GPUs
          hypir gpu install any --from E:\       from a folder that has the archive (such as a USB drive), or the archive

        Ctrl+C stops a download; the next call resumes it. HTTPS_PROXY sets a proxy, and backends.yaml in Hypir's folder other sources.
        """;

    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages, IMachine machine)
    {
        var gpu = new Command("gpu", "Compute on a GPU: install, test, remove, or check what is needed for it.")
        {
            Install(pages, machine),
            Status(pages, machine),
            Test(pages, machine),
            Remove(pages),
        };
        pages.Add(
            new(
                gpu,
                "hypir gpu COMMAND",
                [],
                "Every command has --libtorch FOLDER (or the variable HYPIR_LIBTORCH): it uses an existing libtorch; \"own\" is the one "
                    + "that comes with the program."
            )
        );
        return gpu;
    }

    private static Command Install(List<HelpPage> pages, IMachine machine)
    {
        var from = Options.Text("--from", "FILE|FOLDER|ADDRESS", "Take the archive from here.");
        var anyway = Options.Flag("--anyway", "Install even if no suitable GPU and driver are found.");
        var command = new CheckedCommand("install", "Download what computes on a GPU, after checking the GPU, driver, and free space.");
        var kind = Kind(command, "any: GPUs of any vendor; cuda: NVIDIA GPUs. Without it, what fits this machine is shown.");
        return PlainCommand.Finish(
            command,
            "hypir gpu install [any|cuda] [options]",
            Examples,
            [from, anyway],
            pages,
            async (line, interruption) =>
            {
                var keeper = new GpuBackendService(ModelHome.Default, machine);
                if (line.GetValue(kind) is not { } word)
                {
                    foreach (string sentence in GpuReport.Offers(keeper))
                        Console.WriteLine(sentence);
                    return ExitCode.Usage;
                }

                BackendKind wanted = KindOf(word);
                InstalledBackend installed;
                using (var lines = new DownloadLines())
                    installed = await keeper
                        .InstallAsync(wanted, line.GetValue(from), line.GetValue(anyway), lines, interruption.Token)
                        .ConfigureAwait(false);
                string folder = keeper.StoreOf(wanted).FolderOf(installed.Name);
                Console.WriteLine($"{installed.Title}: {Sizes.Of(installed.Bytes)}, {folder}");
                Console.WriteLine(
                    installed.Verified
                        ? "Its hash matches the list."
                        : $"The archive's hash was not known in advance; its SHA-256 is {installed.Sha256}."
                );
                Console.WriteLine(
                    wanted == BackendKind.AnyGpu
                        ? $"Its terms: {Path.Combine(folder, OnnxArchive.Licenses)}. `hypir gpu test` tries it; --device gpu uses it."
                        : "Programs started from now on will use it.");
                return ExitCode.Success;
            });
    }

    private static Command Status(List<HelpPage> pages, IMachine machine) =>
        PlainCommand.Finish(
            new Command("status", "Show what is installed, and what prevents the GPU from being used."),
            "hypir gpu status",
            "",
            [],
            pages,
            (_, _) =>
            {
                var keeper = new GpuBackendService(ModelHome.Default, machine);
                foreach (string sentence in GpuReport.Describe(keeper.Status()).Concat(GpuReport.OfAny(keeper, machine.Look().Graphs)))
                    Console.WriteLine(sentence);
                return Task.FromResult(ExitCode.Success);
            }
        );

    private static Command Test(List<HelpPage> pages, IMachine machine) =>
        PlainCommand.Finish(
            new Command("test", "Compare GPUs of any vendor with the CPU on a small network, and remember the result."),
            "hypir gpu test",
            "This happens by itself before a GPU's first use, and again after a change of its driver.",
            [],
            pages,
            (_, interruption) =>
            {
                if (machine.Look().Graphs is not { } graphs)
                    throw new UsageException("ONNX Runtime, which computes on GPUs of any vendor, is not here.", "`hypir gpu install any`");
                GpuTest[] tests =
                [
                    .. graphs.Devices.Select(device =>
                    {
                        GpuTest test = SelfTestGate.Test(graphs.PlaceOf(device), device, null, interruption.Token);
                        Console.WriteLine(SelfTestGate.Describe(test));
                        return test;
                    }),
                ];
                return Task.FromResult(tests.Any(test => test.Problem is null) ? ExitCode.Success : ExitCode.BadFile);
            }
        );

    private static Command Remove(List<HelpPage> pages)
    {
        var command = new CheckedCommand("remove", "Remove what was downloaded and go back to the CPU.");
        var kind = Kind(command, "any or cuda; both if left out.");
        return PlainCommand.Finish(
            command,
            "hypir gpu remove [any|cuda]",
            "",
            [],
            pages,
            async (line, interruption) =>
            {
                string? word = line.GetValue(kind);
                BackendStore[] stores =
                [
                    .. (word is null ? Enum.GetValues<BackendKind>() : [KindOf(word)])
                        .Select(one => new BackendStore(ModelHome.Default, one)).Where(store => Directory.Exists(store.Folder)),
                ];
                bool clean = true;
                foreach (BackendStore store in stores)
                    clean &= await store.RemoveAsync(interruption.Token).ConfigureAwait(false);
                Console.WriteLine(
                    stores.Length == 0 ? "No GPU backend was installed: there is nothing to remove."
                    : clean
                        ? "Removed."
                        : "It is no longer used. Files open in a running engine are deleted by the next `hypir gpu remove` or `install`."
                );
                return ExitCode.Success;
            }
        );
    }

    private static Argument<string?> Kind(CheckedCommand command, string description)
    {
        var kind = new Argument<string?>("kind") { Arity = ArgumentArity.ZeroOrOne, HelpName = "any|cuda", Description = description };
        kind.CompletionSources.Add(AnyWord, CudaWord);
        command.Add(kind);
        command.Refuse(
            line => line.GetValue(kind) is not (null or AnyWord or CudaWord), "Name any (GPUs of any vendor) or cuda (NVIDIA GPUs).");
        return kind;
    }

    private static BackendKind KindOf(string word) => word == AnyWord ? BackendKind.AnyGpu : BackendKind.Cuda;
}
