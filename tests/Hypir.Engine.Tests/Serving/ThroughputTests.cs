using System.Diagnostics;
using Hypir.Engine.Serving;
using Hypir.Protocol;
using Hypir.Restoration.Images;

namespace Hypir.Engine.Tests.Serving;

/// <summary>Measures how fast pixels travel, and what a warm engine adds to a job. Figures are written, not judged: other programs share the machine.</summary>
[TestClass]
[TestCategory("Serve")]
public sealed class ThroughputTests : ServeTest
{
    private static bool Wanted => Environment.GetEnvironmentVariable("HYPIR_MEASURE") == "1";

    [TestMethod]
    public void Pixels_of_a_large_layer()
    {
        if (!Wanted)
            Assert.Inconclusive("HYPIR_MEASURE=1 measures.");
        var header = new PixelHeader(PixelLayout.Bgra32, 10_000, 10_000);
        byte[] layer = GC.AllocateUninitializedArray<byte>((int)header.DataBytes);
        new Random(1).NextBytes(layer);
        string path = In(PixelFile.NewName(1)), back = In(PixelFile.NewName(1));
        for (int i = 0; i < 2; i++)
        {
            File.Delete(path);
            File.Delete(back);
            Measure("client writes", header, () => PixelFile.Write(path, header, (row, rows) => layer.AsSpan(row * header.RowBytes, rows.Length).CopyTo(rows)));
            Picture? picture = null;
            Measure("engine reads", header, () => picture = PicturePixels.Read(path, header, default));
            Measure("engine writes", header, () => PicturePixels.Write(back, picture!, header.Layout, default));
            Measure("client reads", header, () => PixelFile.Read(back, _ => (row, rows) => rows.CopyTo(layer.AsSpan(row * header.RowBytes))));
        }
    }

    [TestMethod]
    public async Task A_warm_job_and_a_cold_one()
    {
        if (!Wanted)
            Assert.Inconclusive("HYPIR_MEASURE=1 measures.");
        EngineClient client = Client();
        RestoreRequest request = Request(256, 256);
        var clock = Stopwatch.StartNew();
        await RestoreAsync(client, request);
        TestContext.WriteLine($"cold: {clock.Elapsed.TotalSeconds:f3} s");
        for (int i = 0; i < 7; i++)
        {
            clock.Restart();
            using RestoredPixels result = await client.RestoreAsync(request, Pixels(request));
            Bytes(result);
            TestContext.WriteLine($"warm: {clock.Elapsed.TotalSeconds:f3} s, of which compute {result.Result.ComputeSeconds:f3} s: {clock.Elapsed.TotalSeconds / result.Result.ComputeSeconds:f3}x");
        }
    }

    private void Measure(string what, PixelHeader header, Action action)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        action();
        double busy = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        TestContext.WriteLine($"{what}: {header.DataBytes / 1e9 / clock.Elapsed.TotalSeconds:f2} GB/s ({clock.Elapsed.TotalSeconds:f3} s, processor {busy:f3} s = {header.DataBytes / 1e9 / busy:f2} GB/s)");
    }
}
