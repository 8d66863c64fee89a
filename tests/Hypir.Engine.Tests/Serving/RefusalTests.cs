using System.Text;
using System.Text.Json.Nodes;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Testing;

namespace Hypir.Engine.Tests.Serving;

/// <summary>What no client should send is refused with a reason, and the engine goes on.</summary>
[TestClass]
[TestCategory("Serve")]
public sealed class RefusalTests : ServeTest
{
    [TestMethod]
    public async Task Wrong_calls_are_refused_with_their_reason()
    {
        Welcome welcome = await Client().ConnectAsync();
        using (RawClient early = RawClient.Connect(Pipe))
        {
            foreach (string method in (string[])["getStatus", "listModels", "shutdown"])
                AssertError(EngineError.HandshakeNeeded, early.Call(method));
            AssertError(
                EngineError.HandshakeNeeded,
                early.Call(
                    "restore",
                    new
                    {
                        jobId = "a",
                        pixels = "a",
                        request = new
                        {
                            width = 1,
                            height = 1,
                            layout = "rgb24",
                        },
                    }
                )
            );
            JsonNode other = early.Call("hello", new { protocol = 99, client = "from the future" });
            AssertError(EngineError.VersionMismatch, other);
            Assert.AreEqual(ProtocolVersion.Current, (int)other["error"]!["data"]!["protocol"]!);
        }

        using RawClient client = RawClient.Greet(Pipe);
        string pixels = PixelFile.NewName(Environment.ProcessId), path = Path.Combine(welcome.PixelFolder, pixels);
        PixelFile.Write(path, new(PixelLayout.Rgb24, 8, 8), (_, rows) => rows.Clear());
        Assert.AreEqual(-32601, (int)client.Call("format", new { drive = "c" })["error"]!["code"]!);
        AssertError(EngineError.BadRequest, client.Call("hello", new { protocol = ProtocolVersion.Current, client = "again" }));
        AssertError(EngineError.BadRequest, Restore("../x", pixels));
        AssertError(EngineError.BadRequest, Restore(new string('a', 65), pixels));
        foreach (
            string name in (string[])
                ["../../../etc/passwd", "/etc/passwd", "", "1-" + new string('0', 32), PixelFile.NewName(1) + "\n", @"..\..\secrets.px"]
        )
            AssertError(EngineError.BadPixels, Restore("a", name));
        AssertError(EngineError.BadPixels, Restore("a", PixelFile.NewName(1)));
        AssertError(EngineError.BadPixels, Restore("a", pixels, width: 9));
        AssertError(EngineError.BadPixels, Restore("a", pixels, layout: "bgra32"));
        foreach (
            string model in (string[])
                ["", ".", "..", "/", "../models/faithful", Path.Combine(AppContext.BaseDirectory, "models", "faithful"), "nano/unet"]
        )
            AssertError(EngineError.UnknownModel, Restore("a", pixels, model: model));
        AssertError(EngineError.BadRequest, Restore("a", pixels, width: int.MaxValue, height: int.MaxValue));
        AssertError(EngineError.BadRequest, Restore("a", pixels, width: 0));
        AssertError(EngineError.BadRequest, Restore("a", pixels, width: -8));
        AssertError(EngineError.BadRequest, Restore("a", pixels, prompt: new string('x', 4001)));
        AssertError(EngineError.BadRequest, Restore("a", pixels, upscale: 1e300));
        AssertError(EngineError.BadRequest, Restore("a", pixels, upscale: -1));
        foreach (string layout in (string[])["rgb23", "1", ""])
            AssertInvalid(Restore("a", pixels, layout: layout));
        AssertInvalid(client.Call("restore", new { jobId = "a", pixels }));
        AssertInvalid(client.Call("restore", new { jobId = "a", pixels, request = "nano" }));
        AssertInvalid(client.Call("restore", new { jobId = "a", pixels, request = new { width = 8 } }));
        Assert.IsNotNull(Restore("a", pixels)["result"], "After all of it a right call is answered.");

        JsonNode Restore(
            string jobId, string file, int width = 8, int height = 8, string layout = "rgb24", string model = "nano", string prompt = "",
            double upscale = 1) =>
            client.Call(
                "restore",
                new
                {
                    jobId,
                    pixels = file,
                    request = new
                    {
                        width,
                        height,
                        layout,
                        model,
                        prompt,
                        upscale,
                    },
                }
            );
    }

    /// <summary>A client may be ended before it can delete what it sent.</summary>
    [TestMethod]
    public async Task The_pixels_of_an_ended_job_go_with_its_client()
    {
        EngineClient watcher = Client();
        Welcome welcome = await watcher.ConnectAsync();
        using (RawClient client = RawClient.Greet(Pipe))
        {
            string pixels = PixelFile.NewName(Environment.ProcessId);
            PixelFile.Write(Path.Combine(welcome.PixelFolder, pixels), new(PixelLayout.Rgb24, 8, 8), (_, rows) => rows.Clear());
            AssertError(
                EngineError.BadPixels,
                client.Call("restore", new { jobId = "a", pixels, request = new { width = 9, height = 8, layout = "rgb24" } }));
            Assert.HasCount(1, PixelFiles());
        }

        await Polling.UntilAsync(async () => (await watcher.GetStatusAsync()).Clients == 1);
        Assert.IsEmpty(PixelFiles());
    }

    [TestMethod]
    public async Task Lying_pixel_files_are_refused()
    {
        Welcome welcome = await Client().ConnectAsync();
        using RawClient client = RawClient.Greet(Pipe);
        string name = PixelFile.NewName(Environment.ProcessId), path = Path.Combine(welcome.PixelFolder, name);
        PixelFile.Write(path, new(PixelLayout.Rgb24, 8, 8), (_, rows) => rows.Clear());
        byte[] good = File.ReadAllBytes(path);
        // Every byte of the head matters, and so does each that is missing at the end.
        for (int i = 0; i < 40; i++)
        {
            if (i is >= 28 and < 32)
                continue; // reserved
            byte[] bad = [.. good];
            bad[i] ^= 0x55;
            File.WriteAllBytes(path, bad);
            AssertError(EngineError.BadPixels, Send(), $"byte {i}");
        }
        foreach (int length in (int[])[0, 1, 63, 64, good.Length - 1])
        {
            File.WriteAllBytes(path, good[..length]);
            AssertError(EngineError.BadPixels, Send(), $"length {length}");
        }
        File.Delete(path);
        if (!OperatingSystem.IsWindows())
        {
            File.WriteAllBytes(In("elsewhere"), good);
            File.CreateSymbolicLink(path, In("elsewhere"));
            AssertError(EngineError.BadPixels, Send(), "a link");
            File.Delete(path);
        }
        File.WriteAllBytes(path, good);
        Assert.IsNotNull(Send()["result"]);

        JsonNode Send() =>
            client.Call(
                "restore",
                new
                {
                    jobId = "a",
                    pixels = name,
                    request = new
                    {
                        width = 8,
                        height = 8,
                        layout = "rgb24",
                        strength = 0,
                    },
                }
            );
    }

    [TestMethod]
    public async Task Absurd_messages_end_the_connection_and_nothing_else()
    {
        EngineClient watcher = Client();
        await RestoreAsync(watcher, Request());
        long before = (await watcher.GetStatusAsync()).MemoryBytes;
        string nested = new('[', 100_000);
        foreach (
            byte[] bytes in (byte[][])
                [
                    [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [1, 0, 4, 0],
                    RawClient.Frame("this is no JSON"u8.ToArray()), RawClient.Frame(Encoding.UTF8.GetBytes(nested)),
                    RawClient.Frame("{}"u8.ToArray()), RawClient.Frame("[]"u8.ToArray()), RawClient.Frame("null"u8.ToArray()),
                    RawClient.Frame(new byte[1000]), RawClient.Frame("{\"jsonrpc\":\"2.0\",\"id\":"u8.ToArray()),
                    "GET / HTTP/1.1\r\n\r\n"u8.ToArray(),
                ]
        )
        {
            using RawClient client = RawClient.Connect(Pipe);
            client.Send(bytes);
            client.ReadToEnd();
        }
        await RestoreAsync(watcher, Request());
        Assert.IsLessThan(before + (64 << 20), (await watcher.GetStatusAsync()).MemoryBytes);
    }

    [TestMethod]
    public async Task A_client_that_only_asks_and_never_listens_is_sent_away()
    {
        EngineClient watcher = Client();
        await watcher.ConnectAsync();
        long before = (await watcher.GetStatusAsync()).MemoryBytes;
        using (RawClient client = RawClient.Greet(Pipe))
        {
            byte[] calls = [.. Enumerable.Range(10, 1000).SelectMany(id => RawClient.Frame(id, "getStatus", null))];
            for (int i = 0; i < 20; i++)
                client.Send(calls);
            client.ReadToEnd();
        }
        await RestoreAsync(watcher, Request());
        Assert.IsLessThan(before + (200 << 20), (await watcher.GetStatusAsync()).MemoryBytes);
    }

    [TestMethod]
    public async Task Too_many_jobs_and_jobs_of_the_same_name_are_refused()
    {
        Welcome welcome = await Client().ConnectAsync();
        using RawClient client = RawClient.Greet(Pipe);
        string name = PixelFile.NewName(Environment.ProcessId);
        PixelFile.Write(Path.Combine(welcome.PixelFolder, name), new(PixelLayout.Rgb24, 600, 600), (_, rows) => rows.Clear());
        void Send(int id, string job) =>
            client.Send(
                RawClient.Frame(
                    id,
                    "restore",
                    new
                    {
                        jobId = job,
                        pixels = name,
                        request = new
                        {
                            width = 600,
                            height = 600,
                            layout = "rgb24",
                        },
                    }
                )
            );
        Send(101, "job-1");
        Send(102, "job-1");
        AssertError(EngineError.DuplicateJob, client.Answer(102)!);
        for (int i = 2; i <= 16; i++)
            Send(102 + i, $"job-{i}");
        Send(200, "job-17");
        AssertError(EngineError.TooManyJobs, client.Answer(200)!);
        for (int i = 16; i >= 1; i--)
            Assert.IsTrue((bool)client.Call("cancel", new { jobId = $"job-{i}" })["result"]!, $"job-{i}");
        Assert.IsFalse((bool)client.Call("cancel", new { jobId = "job-1" })["result"]!);
    }

    private static void AssertError(EngineError expected, JsonNode answer, string? about = null)
    {
        Assert.IsNotNull(answer["error"], $"{about} {answer.ToJsonString()}");
        Assert.AreEqual((int)expected, (int)answer["error"]!["code"]!, $"{about} {answer.ToJsonString()}");
        Assert.IsFalse(answer.ToJsonString().Contains("   at ", StringComparison.Ordinal), "No stack traces leave the engine.");
    }

    private static void AssertInvalid(JsonNode answer) =>
        Assert.IsTrue(answer["error"] is { } error && (int)error["code"]! is -32602 or -32601 or -32600, answer.ToJsonString());
}
