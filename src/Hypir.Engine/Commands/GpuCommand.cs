using System.CommandLine;
using Hypir.Engine.Commands.Models;
using Hypir.Models.Backends;
using Hypir.Models.Store;
using Hypir.Planning.Machine;
using Hypir.Protocol.Messages;
using Hypir.Server.Gpu;

namespace Hypir.Engine.Commands;

/// <summary><c>hypir gpu</c>: computing on NVIDIA GPUs.</summary>
internal static class GpuCommand
{
    private const string Examples = """
        Examples:
          hypir gpu install                      download and unpack the GPU backend
          hypir gpu install --from E:\           from a folder that has the archive (such as a USB drive), or the archive

        Ctrl+C stops a download; the next call resumes it. HTTPS_PROXY sets a proxy.
        """;

    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages, IMachine machine)
    {
        var gpu = new Command("gpu", "Compute on an NVIDIA GPU: install, remove, or check the backend.")
        {
            Install(pages, machine),
            Status(pages, machine),
            Remove(pages),
        };
        pages.Add(
            new(
                gpu,
                "hypir gpu COMMAND",
                [],
                "Every command has --libtorch FOLDER (or the variable HYPIR_LIBTORCH): it uses an existing libtorch; \"own\" is the one that comes with the program."
            )
        );
        return gpu;
    }

    private static Command Install(List<HelpPage> pages, IMachine machine)
    {
        var from = Options.Text("--from", "FILE|FOLDER|ADDRESS", "Take the archive from here.");
        var anyway = Options.Flag("--anyway", "Install even if no suitable GPU and driver are found.");
        return PlainCommand.Finish(
            new Command("install", "Download libtorch for NVIDIA GPUs, after checking the GPU, driver, and free space."),
            "hypir gpu install [options]",
            Examples,
            [from, anyway],
            pages,
            async (line, interruption) =>
            {
                InstalledBackend installed;
                var keeper = new GpuBackendService(ModelHome.Default, machine);
                using (var lines = new DownloadLines())
                    installed = await keeper
                        .InstallAsync(line.GetValue(from), line.GetValue(anyway), lines, interruption.Token)
                        .ConfigureAwait(false);
                Console.WriteLine($"{installed.Title}: {Sizes.Of(installed.Bytes)}, {keeper.Store.FolderOf(installed.Name)}");
                Console.WriteLine(
                    installed.Verified
                        ? "Its hash matches the list."
                        : $"The archive's hash was not known in advance; its SHA-256 is {installed.Sha256}."
                );
                Console.WriteLine("Programs started from now on will use it.");
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
                foreach (string sentence in Describe(new GpuBackendService(ModelHome.Default, machine).Status()))
                    Console.WriteLine(sentence);
                return Task.FromResult(ExitCode.Success);
            }
        );

    private static Command Remove(List<HelpPage> pages) =>
        PlainCommand.Finish(
            new Command("remove", "Remove the downloaded libtorch and go back to the CPU."),
            "hypir gpu remove",
            "",
            [],
            pages,
            async (_, interruption) =>
            {
                bool clean = await new BackendStore(ModelHome.Default).RemoveAsync(interruption.Token).ConfigureAwait(false);
                Console.WriteLine(
                    clean
                        ? "Removed."
                        : "It is no longer used. Files open in a running engine are deleted by the next `hypir gpu remove` or `install`."
                );
                return ExitCode.Success;
            }
        );

    private static IEnumerable<string> Describe(GpuStatus status)
    {
        yield return status.Driver is { } driver
            ? $"NVIDIA driver {driver}; {(status.Gpus.Count > 0 ? string.Join(", ", status.Gpus) : "no GPU")}"
            : "no NVIDIA driver";
        yield return status.State switch
        {
            GpuState.Installed => $"installed: {status.Title}, {Sizes.Of(status.InstalledBytes)}",
            GpuState.Named =>
                $"libtorch is loaded as {LibTorchChoice.Variable} or --libtorch specifies: {NativeTorch.Folder ?? "beside the program"}",
            GpuState.Partial => $"not installed; {Sizes.Of(status.ReceivedBytes)} downloaded so far: `hypir gpu install` resumes",
            GpuState.Available =>
                $"not installed; `hypir gpu install` downloads {status.Title} ({(status.DownloadBytes is { } bytes ? Sizes.Of(bytes) : "size unknown until downloaded")}; {Sizes.Of(status.RoomBytes)} should be free)",
            _ => "not installed",
        };
        if (status.Problem is { } problem)
            yield return $"{problem} {status.Remedy}";
        if (status.FreeBytes is { } free && status.State is GpuState.Available or GpuState.Partial)
            yield return $"{Sizes.Of(free)} are free there";
    }
}
