using System.Buffers.Binary;
using System.Globalization;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;
using Hypir.Testing;

namespace Hypir.Engine.Tests.Serving;

/// <summary>Conversations that are cut off or damaged: whatever comes, the engine serves the next client.</summary>
[TestClass]
[TestCategory("Slow")]
[TestCategory("Serve")]
public sealed class ConversationTests : ServeTest
{
    /// <summary>2,000 damaged conversations, or 100,000 once with HYPIR_LONG=1.</summary>
    private static int Count => Environment.GetEnvironmentVariable("HYPIR_LONG") == "1" ? 100_000 : 2000;

    [TestMethod]
    public async Task A_conversation_may_end_after_any_byte()
    {
        EngineClient watcher = Client();
        byte[] expected = await RestoreAsync(watcher, Request());
        EngineStatus before = await watcher.GetStatusAsync();
        byte[] whole = [.. Conversation(watcher, await watcher.ConnectAsync()).SelectMany(message => message)];
        for (int length = 0; length <= whole.Length; length++)
        {
            using RawClient client = RawClient.Connect(Pipe);
            client.Send(whole.AsSpan(0, length));
            await RoomAsync(watcher, length);
        }
        await AssertWellAsync(watcher, expected, before);
    }

    [TestMethod]
    public async Task Damaged_conversations_harm_nobody_else()
    {
        EngineClient watcher = Client();
        byte[] expected = await RestoreAsync(watcher, Request());
        EngineStatus before = await watcher.GetStatusAsync();
        Welcome welcome = await watcher.ConnectAsync();
        byte[][] messages = Conversation(watcher, welcome);
        for (int seed = 0; seed < Count; seed++)
        {
            using (RawClient client = RawClient.Connect(Pipe))
                client.Send(Damage(messages, new Random(seed)));
            await RoomAsync(watcher, seed);
            if (seed % 500 == 499)
                await AssertWellAsync(watcher, expected, before, seed);
        }
        Assert.AreEqual(welcome.ProcessId, (await watcher.ConnectAsync()).ProcessId, "It is the same process all the time.");
    }

    /// <summary>
    /// An engine that has its fill of clients hangs up on the next ones unheard: now and then it is waited until it has dealt with those
    /// before.
    /// </summary>
    private static async Task RoomAsync(EngineClient watcher, int conversation)
    {
        if (conversation % 16 == 15)
            await Polling.UntilAsync(async () => (await watcher.GetStatusAsync()).Clients <= 8);
    }

    /// <summary>What a client sends that does everything.</summary>
    private byte[][] Conversation(EngineClient watcher, Welcome welcome)
    {
        string pixels = PixelFile.NewName(Environment.ProcessId);
        PixelFile.Write(Path.Combine(welcome.PixelFolder, pixels), new(PixelLayout.Rgb24, 16, 16), (_, rows) => rows.Clear());
        var request = new { width = 16, height = 16, layout = "rgb24", model = "nano", strength = 0.5, seed = 1 };
        return
        [
            RawClient.Frame(1, "hello", new { protocol = ProtocolVersion.Current, client = "recorded" }),
            RawClient.Frame(2, "getStatus", null),
            RawClient.Frame(3, "listModels", null),
            RawClient.Frame(4, "plan", new { request }),
            RawClient.Frame(5, "restore", new { jobId = "job-5", pixels, request }),
            RawClient.Frame(6, "cancel", new { jobId = "job-5" }),
            RawClient.Frame(7, "restore", new { jobId = "job-7", pixels, request }),
        ];
    }

    private static byte[] Damage(byte[][] messages, Random random)
    {
        List<byte[]> sent = [.. messages.Select(message => (byte[])[.. message])];
        for (int i = random.Next(1, 4); i > 0 && sent.Count > 0; i--)
        {
            int at = random.Next(sent.Count);
            byte[] message = sent[at];
            switch (random.Next(8))
            {
                case 0: // another order
                    sent.RemoveAt(at);
                    sent.Insert(random.Next(sent.Count + 1), message);
                    break;
                case 1: // twice
                    sent.Insert(at, message);
                    break;
                case 2: // not at all
                    sent.RemoveAt(at);
                    break;
                case 3: // another length
                    BinaryPrimitives.WriteUInt32LittleEndian(
                        message,
                        random.Next(3) switch
                        {
                            0 => (uint)random.Next(2000),
                            1 => (uint)random.Next(),
                            _ => uint.MaxValue,
                        }
                    );
                    break;
                case 4: // other bytes
                    for (int n = random.Next(1, 6); n > 0; n--)
                        message[random.Next(message.Length)] = (byte)random.Next(256);
                    break;
                case 5: // a piece is missing, the length is right
                    int start = random.Next(4, message.Length), count = random.Next(message.Length - start);
                    sent[at] = RawClient.Frame((byte[])[.. message.AsSpan(4, start - 4), .. message.AsSpan(start + count)]);
                    break;
                case 6: // a piece comes twice, the length is right
                    int from = random.Next(4, message.Length), length = random.Next(message.Length - from);
                    sent[at] = RawClient.Frame((byte[])[.. message.AsSpan(4), .. message.AsSpan(from, length)]);
                    break;
                default: // another figure
                    int[] digits = [.. Enumerable.Range(4, message.Length - 4).Where(index => char.IsAsciiDigit((char)message[index]))];
                    if (digits.Length > 0)
                        message[digits[random.Next(digits.Length)]] = (byte)('0' + random.Next(10));
                    break;
            }
        }
        return [.. sent.SelectMany(message => message)];
    }

    private static async Task AssertWellAsync(EngineClient watcher, byte[] expected, EngineStatus before, int seed = -1)
    {
        CollectionAssert.AreEqual(expected, await RestoreAsync(watcher, Request()), seed.ToString(CultureInfo.InvariantCulture));
        EngineStatus now = await watcher.GetStatusAsync();
        Assert.AreEqual(before.ProcessId, now.ProcessId, "No engine died of it.");
        Assert.IsLessThan(before.MemoryBytes + (150 << 20), now.MemoryBytes, "Memory is bounded.");
    }
}
