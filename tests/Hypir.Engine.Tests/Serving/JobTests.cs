using System.Diagnostics;
using Hypir.Imaging;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Testing;

namespace Hypir.Engine.Tests.Serving;

/// <summary>Jobs that go well, from client to engine and back.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class JobTests : ServeTest
{
    [TestMethod]
    public async Task A_job_starts_the_engine_and_gives_what_the_command_line_gives()
    {
        RestoreRequest request = Request(96, 80, PixelLayout.Rgba32);
        EngineClient client = Client();
        var told = new Told<JobProgress>();
        byte[] served = await RestoreAsync(client, request, told);

        var input = new byte[served.Length];
        Pixels(request)(0, input);
        ImageFile.Save(
            new RasterImage(96, 80, 8, [.. input.Where((_, i) => i % 4 != 3)], [.. input.Where((_, i) => i % 4 == 3)]), In("a.png"));
        Hypir("restore", "a.png", "-o", "b.png", "-m", NanoModel.Name).MustEnd(ExitCode.Success);
        RasterImage restored = ImageFile.Load(In("b.png"));
        CollectionAssert.AreEqual(restored.Rgb, served.Where((_, i) => i % 4 != 3).ToArray());
        CollectionAssert.AreEqual(restored.Alpha, served.Where((_, i) => i % 4 == 3).ToArray());

        JobState[] states = [.. told.All.Select(progress => progress.State).Distinct()];
        CollectionAssert.AreEqual(
            Enum.GetValues<JobState>().TakeWhile(state => state <= JobState.Done).ToArray(), states, string.Join(' ', states));
        Assert.IsTrue(told.All.Zip(told.All.Skip(1)).All(pair => pair.First.Fraction <= pair.Second.Fraction), "The fraction never falls.");
        Assert.IsEmpty(PixelFiles(), "Nothing is left of the pixels.");
    }

    [TestMethod]
    [DataRow(PixelLayout.Rgb24)]
    [DataRow(PixelLayout.Rgba32)]
    [DataRow(PixelLayout.Bgra32)]
    [DataRow(PixelLayout.Rgb48)]
    [DataRow(PixelLayout.Rgba64)]
    public async Task With_strength_0_every_layout_comes_back_as_it_was(PixelLayout layout)
    {
        // 37 pixels a row: no multiple of what is converted at once.
        RestoreRequest request = Request(37, 29, layout) with { Strength = 0 };
        byte[] served = await RestoreAsync(Client(), request);
        var input = new byte[served.Length];
        Pixels(request)(0, input);
        CollectionAssert.AreEqual(input, served);
    }

    [TestMethod]
    public async Task A_part_is_restored_alone_or_by_a_mask_within_the_rest()
    {
        EngineClient client = Client();
        RestoreRequest request = Request(90, 70, PixelLayout.Rgb24), part = request with { Area = new(60, 10, 24, 20) },
            within = part with { KeepRest = true };
        var input = new byte[3 * 90 * 70];
        Pixels(request)(0, input);
        PlanAnswer plan = await client.PlanAsync(part);
        Assert.AreEqual((24, 20), (plan.OutputWidth, plan.OutputHeight));
        byte[] alone = await RestoreAsync(client, part), placed = await RestoreAsync(client, within);
        using RestoredPixels masked = await client.RestoreAsync(
            within, Pixels(request), (row, rows) =>
            {
                for (int i = 0; i < rows.Length; i++)
                    rows[i] = (byte)(i % 24 < 12 ? 0 : 255);
            }, null, default);
        byte[] half = Bytes(masked);
        for (int i = 0; i < input.Length; i++)
        {
            (int x, int y) = (i / 3 % 90 - 60, i / 3 / 90 - 10);
            bool inside = x is >= 0 and < 24 && y is >= 0 and < 20;
            byte restored = inside ? alone[3 * (y * 24 + x) + i % 3] : input[i];
            Assert.AreEqual(restored, placed[i], $"{x}, {y}");
            Assert.AreEqual(x >= 12 ? restored : input[i], half[i], $"{x}, {y} with the mask");
        }

        masked.Dispose();
        Assert.IsEmpty(PixelFiles(), "Nothing is left of the mask.");
        foreach (RestoreRequest wrong in (RestoreRequest[])
            [part with { Area = new(80, 0, 20, 1) }, request with { KeepRest = true }, part with { Mask = "x" },
             within with { Mask = "../x" }, request with { Layout = PixelLayout.Gray8 }])
        {
            var failure = await Assert.ThrowsExactlyAsync<EngineException>(() => client.PlanAsync(wrong));
            Assert.AreEqual(EngineError.BadRequest, failure.Error, failure.Message);
        }
    }

    [TestMethod]
    public async Task Large_images_travel_to_and_fro_in_one_file_and_the_next_one_too()
    {
        EngineClient client = Client();
        string? file = null;
        foreach (
            (int width, int height, double upscale) in new[] { (2300, 2000, 1), (2500, 2000, 0.5), (2100, 2100, 1), (2100, 2100, 1.25) })
        {
            RestoreRequest request = Request(width, height) with { Strength = 0, Upscale = upscale };
            using (RestoredPixels result = await client.RestoreAsync(request, Pixels(request)))
            {
                string name = PixelFiles().Single();
                Assert.AreEqual(file ??= name, name);
                Assert.AreEqual((int)(width * upscale), result.Width);
                Assert.AreEqual(
                    PixelHeader.Bytes + new PixelHeader(request.Layout, result.Width, result.Height).DataBytes, new FileInfo(name).Length);
                byte[] served = Bytes(result),
                    input = new byte[4 * width * height];
                Pixels(request)(0, input);
                if (upscale == 1)
                    Assert.IsTrue(input.AsSpan().SequenceEqual(served), $"{width}x{height}");
                result.Dispose();
                Assert.ThrowsExactly<ObjectDisposedException>(() => Bytes(result));
            }
            Assert.AreEqual(file, PixelFiles().Single(), "It waits for the next job.");
        }
        File.Delete(file!);
        await RestoreAsync(client, Request(2300, 2000) with { Strength = 0 });
        client.Dispose();
        Assert.IsEmpty(PixelFiles(), "It ends with its client.");
    }

    [TestMethod]
    public async Task The_model_stays_loaded_and_the_plan_knows_it()
    {
        EngineClient client = Client();
        RestoreRequest request = Request() with { Upscale = 2 };
        PlanAnswer before = await client.PlanAsync(request);
        Assert.AreEqual((128, 96, false, true), (before.OutputWidth, before.OutputHeight, before.Loaded, before.Fits));
        await RestoreAsync(client, request);
        PlanAnswer after = await client.PlanAsync(request);
        Assert.IsTrue(after.Loaded);
        Assert.IsNotNull(after.Seconds, "The speed of this machine has been learned.");
        EngineStatus status = await client.GetStatusAsync();
        CollectionAssert.AreEqual(new[] { "nano" }, status.LoadedModels.ToArray());
        await RestoreAsync(client, request);
        Assert.AreEqual(status.LiveTensors, (await client.GetStatusAsync()).LiveTensors);
    }

    [TestMethod]
    public async Task A_second_start_finds_the_first_and_says_so()
    {
        await Client().ConnectAsync();
        var second = Hypir("serve", "--pipe", Pipe).MustEnd(ExitCode.AlreadyRunning);
        StringAssert.Contains(second.Output, $"process {Holder()}");
    }

    [TestMethod]
    public async Task Two_clients_that_start_at_once_share_one_engine()
    {
        Welcome[] both = await Task.WhenAll(Client().ConnectAsync(), Client().ConnectAsync());
        Assert.AreEqual(both[0].ProcessId, both[1].ProcessId);
    }

    [TestMethod]
    public async Task An_idle_engine_ends_and_the_next_job_starts_another()
    {
        EngineClient client = Client(location: Location with { ServeArguments = ["--idle-exit", "1s"] });
        Welcome first = await client.ConnectAsync();
        // It may have ended already.
        using (Process? process = Process.GetProcesses().FirstOrDefault(process => process.Id == first.ProcessId))
            await (process?.WaitForExitAsync(TestContext.CancellationToken) ?? Task.CompletedTask);
        await RestoreAsync(client, Request());
        Assert.AreNotEqual(first.ProcessId, (await client.ConnectAsync()).ProcessId);
    }
}
