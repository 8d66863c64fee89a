using System.Diagnostics;
using Hypir.Protocol;

namespace Hypir.Engine.Tests.Serving;

/// <summary>A disk without room for pixels: a file system of 3 MB, which root can mount on Linux.</summary>
[TestClass]
[TestCategory("Serve")]
public sealed class FullDiskTests : ServeTest
{
    [TestMethod]
    public async Task Pixels_that_do_not_fit_fail_their_own_job_only()
    {
        string pixels = Path.Combine(Home, "engine", Pipe, "pixels");
        Directory.CreateDirectory(pixels);
        if (!OperatingSystem.IsLinux() || Run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", pixels) != 0)
            Assert.Inconclusive("A small file system can be mounted by root on Linux only.");
        try
        {
            EngineClient client = Client();
            byte[] expected = await RestoreAsync(client, Request());
            Welcome before = await client.ConnectAsync();
            // 4.9 MB: the result is what does not fit.
            var engine = await Assert.ThrowsExactlyAsync<EngineException>(() => RestoreAsync(client, Request() with { Upscale = 20, Strength = 0 }));
            Assert.AreEqual(EngineError.CannotWrite, engine.Error, engine.Message);
            StringAssert.Contains(engine.Remedy, pixels);
            // 4.8 MB: the input does not.
            var own = await Assert.ThrowsExactlyAsync<EngineException>(() => RestoreAsync(client, Request(1200, 1000)));
            Assert.AreEqual(EngineError.CannotWrite, own.Error, own.Message);
            Assert.IsEmpty(PixelFiles(), "What was half written is deleted.");
            CollectionAssert.AreEqual(expected, await RestoreAsync(client, Request()));
            Assert.AreEqual(before.ProcessId, (await client.ConnectAsync()).ProcessId);
        }
        finally
        {
            Run("umount", "-l", pixels);
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
