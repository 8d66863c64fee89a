using System.Diagnostics;
using Hypir.Imaging;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Server;

namespace Hypir.Engine.Tests.Serving;

/// <summary>
/// Measures how fast pixels travel, and what a warm engine adds to a job. Figures are written, not judged: other programs share the
/// machine.
/// </summary>
[TestClass]
[TestCategory("Serve")]
public sealed class ThroughputTests : ServeTest
{
    private const int Rounds = 5;

    private static readonly PixelHeader Large = new(PixelLayout.Bgra32, 10_000, 10_000);

    private static bool Wanted => Environment.GetEnvironmentVariable("HYPIR_MEASURE") == "1";

    /// <summary>
    /// The four ways of a layer of 100 megapixels, as client and engine go them: one file to and fro, over which the next round writes.
    /// </summary>
    [TestMethod]
    public void Pixels_of_a_large_layer()
    {
        if (!Wanted)
            Assert.Inconclusive("HYPIR_MEASURE=1 measures.");
        byte[] layer = Layer();
        string path = In(PixelFile.NewName(1));
        var spare = new SparePlanes();
        for (int i = 0; i < Rounds; i++)
        {
            RasterImage? image = null;
            double seconds = Measure("client writes", () =>
            {
                if (File.Exists(path))
                    PixelFile.Replace(path, Large, Rows);
                else
                    PixelFile.Write(path, Large, Rows);
            });
            seconds += Measure("engine reads", () => image = ImagePixels.Read(path, Large, spare, default));
            seconds += Measure("engine writes", () => ImagePixels.Write(path, true, image!, Large.Layout, default));
            spare.Keep(image!);
            seconds += Measure("client reads", () =>
                PixelFile.Read(path, _ => (row, rows) => rows.CopyTo(layer.AsSpan(row * Large.RowBytes)))
            );
            TestContext.WriteLine($"round {i + 1}: there and back {2 * Large.DataBytes / 1e9 / seconds:f2} GB/s");
        }

        void Rows(int row, Span<byte> rows) => layer.AsSpan(row * Large.RowBytes, rows.Length).CopyTo(rows);
    }

    /// <summary>The same through a real engine, with a job that computes nothing but the way of the pixels through the pipeline.</summary>
    [TestMethod]
    public async Task Jobs_of_a_large_layer()
    {
        if (!Wanted)
            Assert.Inconclusive("HYPIR_MEASURE=1 measures.");
        byte[] layer = Layer();
        EngineClient client = Client();
        RestoreRequest request = Request(Large.Width, Large.Height) with { Strength = 0 };
        for (int i = 0; i < Rounds; i++)
        {
            var writing = new Stopwatch();
            using RestoredPixels result = await client.RestoreAsync(request, (row, rows) =>
            {
                writing.Start();
                layer.AsSpan(row * Large.RowBytes, rows.Length).CopyTo(rows);
                if (row + (rows.Length / Large.RowBytes) == Large.Height)
                    writing.Stop();
            });
            var reading = Stopwatch.StartNew();
            result.Read((row, rows) => rows.CopyTo(layer.AsSpan(row * Large.RowBytes)));
            double seconds = writing.Elapsed.TotalSeconds + result.Result.PixelSeconds + reading.Elapsed.TotalSeconds;
            TestContext.WriteLine(
                $"round {i + 1}: client writes {writing.Elapsed.TotalSeconds:f3} s, engine reads and writes "
                    + $"{result.Result.PixelSeconds:f3} s, "
                    + $"client reads {reading.Elapsed.TotalSeconds:f3} s: there and back {2 * Large.DataBytes / 1e9 / seconds:f2} GB/s; "
                    + $"computing {result.Result.ComputeSeconds:f1} s"
            );
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
            TestContext.WriteLine(
                $"warm: {clock.Elapsed.TotalSeconds:f3} s, of which compute {result.Result.ComputeSeconds:f3} s: "
                    + $"{clock.Elapsed.TotalSeconds / result.Result.ComputeSeconds:f3}x"
            );
        }
    }

    private static byte[] Layer()
    {
        byte[] layer = GC.AllocateUninitializedArray<byte>((int)Large.DataBytes);
        new Random(1).NextBytes(layer);
        return layer;
    }

    private double Measure(string what, Action action)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        action();
        double seconds = clock.Elapsed.TotalSeconds, busy = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        TestContext.WriteLine($"{what}: {Large.DataBytes / 1e9 / seconds:f2} GB/s ({seconds:f3} s, processor {busy:f3} s)");
        return seconds;
    }
}
