using System.IO.Compression;
using Hypir.Models.Backends;
using Hypir.Models.Tests.Support;
using Hypir.Planning.Machine;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Testing;

namespace Hypir.Models.Tests.Backends;

/// <summary>Which libtorch a process has really loaded, according to the system.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class LibTorchChoiceTests : IDisposable
{
    private readonly BackendHome _home = new();

    public void Dispose() => _home.Dispose();

    [TestMethod]
    public async Task AnEngineComputesWithTheLibtorchThatItIsToldAndWithNoOther()
    {
        string elsewhere = _home.OwnLibTorch();
        byte[] own = await RestoreAsync([], null, AppContext.BaseDirectory);
        CollectionAssert.AreEqual(
            own, await RestoreAsync(["--libtorch", elsewhere], null, elsewhere), "It is the same library: the pixels are the same.");
        CollectionAssert.AreEqual(own, await RestoreAsync([], elsewhere, elsewhere));
        CollectionAssert.AreEqual(
            own, await RestoreAsync(["--libtorch", "own"], elsewhere, AppContext.BaseDirectory),
            "The command line stands before the variable.");
    }

    [TestMethod]
    public async Task WhatWasInstalledIsUsedByTheNextEngineAndNotAfterItsRemoval()
    {
        string elsewhere = _home.OwnLibTorch(), stick = _home.Folder.File("stick", BackendHome.Archive);
        ZipFile.CreateFromDirectory(elsewhere, stick, CompressionLevel.NoCompression, includeBaseDirectory: false);
        // An address is all that a list can name; the server gives what lies on the stick.
        byte[] archive = await File.ReadAllBytesAsync(stick);
        bool cut = true;
        await using var server = new TestServer(async (request, reply) =>
        {
            await reply.FileAsync(request, archive, bytes: cut ? archive.Length / 3 : null);
            if (cut)
                await reply.StallAsync();
        });
        _home.WriteList(server.Root);
        string pipe = Pipe();
        using var client = Client(pipe, [], null);
        GpuStatus before = await client.GetGpuAsync();
        Assert.IsTrue(before.State is GpuState.Available or GpuState.Unsuitable && !before.RestartNeeded);

        // Cancelled in the middle: what has come stays.
        using var cancel = new CancellationTokenSource();
        var told = new Reports<DownloadReport>(report =>
        {
            if (report.ReceivedBytes > archive.Length / 4)
                cancel.Cancel();
        });
        await Assert.ThrowsAsync<OperationCanceledException>(() => client.InstallGpuAsync(anyway: true, told, cancel.Token));
        cut = false;
        told = new Reports<DownloadReport>();
        GpuStatus after = await client.InstallGpuAsync(anyway: true, told);
        Assert.AreEqual((GpuState.Installed, true), (after.State, after.RestartNeeded));
        Assert.IsGreaterThan(0, server.Requests.Last().From ?? 0, "What had come is not asked for again.");
        Assert.IsTrue(told.All.Any(report => report is { Step: DownloadStep.Receiving, Model: "gpu", TotalBytes: > 0 }));
        Assert.IsTrue(told.All.Any(report => report.Step == DownloadStep.Unpacking && report.ReceivedBytes == report.TotalBytes));

        await client.ShutdownAsync();
        Assert.IsFalse((await client.GetGpuAsync()).RestartNeeded, "The next engine is another process.");
        await LoadsAsync(client, _home.Installed);
        GpuStatus removed = await client.RemoveGpuAsync();
        Assert.IsTrue(removed.RestartNeeded && removed.State != GpuState.Installed);
        await client.ShutdownAsync();
        await LoadsAsync(client, AppContext.BaseDirectory);
        await client.ShutdownAsync();
    }

    [TestMethod]
    public async Task AFolderWithoutLibtorchOrWithAnotherVersionIsRefusedInWords()
    {
        var none = await BuiltProgram.Engine.RunAsync(_home.Folder.Path, "--version", "--libtorch", _home.Folder.Path);
        Assert.AreEqual(ExitCode.BadFile, none.Code);
        StringAssert.Contains(none.Error, "has no libtorch");
        foreach (string library in (string[])["c10", "torch_cpu", "torch"])
            await File.WriteAllTextAsync(_home.Folder.File("old", "lib", NativeTorch.FileOf(library)), "");
        await File.WriteAllTextAsync(_home.Folder.File("old", "build-version"), "2.9.1+cu128\n");
        var old = await BuiltProgram.Engine.RunAsync(_home.Folder.Path, "--version", "--libtorch=old");
        Assert.AreEqual(ExitCode.BadFile, old.Code);
        StringAssert.Contains(old.Error, "libtorch 2.9.1");
        File.Delete(_home.Folder.File("old", "build-version"));
        var broken = await BuiltProgram.Engine.RunAsync(_home.Folder.Path, "doctor", "--libtorch", "old");
        Assert.AreEqual(ExitCode.Success, broken.Code, "The doctor tells what it can.");
    }

    private string Pipe() => $"hypir-test-{Guid.NewGuid():N}"[..30];

    private EngineClient Client(string pipe, string[] arguments, string? variable)
    {
        var environment = new Dictionary<string, string> { ["HYPIR_HOME"] = _home.Home };
        if (variable is not null)
            environment[LibTorchChoice.Variable] = variable;
        var location = new EngineLocation(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "hypir.exe" : "hypir"))
        {
            Environment = environment,
            ServeArguments = arguments,
        };
        return new(location, new() { Pipe = pipe, Name = "test" });
    }

    private async Task<byte[]> RestoreAsync(string[] arguments, string? variable, string folder)
    {
        using var client = Client(Pipe(), arguments, variable);
        byte[] pixels = await LoadsAsync(client, folder);
        await client.ShutdownAsync();
        return pixels;
    }

    /// <summary>Restores something and asserts that every library of libtorch in the engine's memory is one of the folder.</summary>
    private static async Task<byte[]> LoadsAsync(EngineClient client, string folder)
    {
        var request = new RestoreRequest { Width = 64, Height = 64, Layout = PixelLayout.Rgb24 };
        using RestoredPixels result = await client.RestoreAsync(request, (row, rows) => rows.Fill((byte)(row * 3)));
        int process = (await client.GetStatusAsync()).ProcessId;
        string[] loaded =
        [
            .. File.ReadLines($"/proc/{process}/maps")
                .Select(line => line[(line.IndexOf('/') is var at and >= 0 ? at : line.Length)..])
                .Distinct()
                .Where(path => Path.GetFileName(path) is "libc10.so" or "libtorch.so" or "libtorch_cpu.so"),
        ];
        Assert.HasCount(3, loaded, string.Join('\n', loaded));
        Assert.IsTrue(loaded.All(path => path.StartsWith(Path.GetFullPath(folder), StringComparison.Ordinal)), string.Join('\n', loaded));
        return Pixels(result);
    }

    private static byte[] Pixels(RestoredPixels result)
    {
        byte[] all = new byte[64 * 64 * 3];
        result.Read((row, pixels) => pixels.CopyTo(all.AsSpan(row * 64 * 3)));
        return all;
    }
}
