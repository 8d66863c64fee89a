using System.Buffers.Binary;
using System.IO.Pipes;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypir.Protocol.Messages;

namespace Hypir.Engine.Tests.Serving;

/// <summary>A client that writes its own bytes: what a wrong or hostile program could send.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly NamedPipeClientStream _pipe;
    private int _lastId;

    private RawClient(NamedPipeClientStream pipe) => _pipe = pipe;

    /// <summary>Connects without saying hello.</summary>
    public static RawClient Connect(string name)
    {
        var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, PipeOptions.CurrentUserOnly);
        // Far beyond what an engine takes on a busy machine.
        pipe.Connect(600_000);
        return new(pipe);
    }

    /// <summary>Connects and says hello.</summary>
    public static RawClient Greet(string name)
    {
        RawClient client = Connect(name);
        Assert.IsNotNull(client.Call("hello", new { protocol = ProtocolVersion.Current, client = "raw" })["result"]);
        return client;
    }

    /// <summary>A message as it goes over the wire.</summary>
    public static byte[] Frame(object message)
    {
        byte[] json = message as byte[] ?? JsonSerializer.SerializeToUtf8Bytes(message);
        var bytes = new byte[4 + json.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)json.Length);
        json.CopyTo(bytes, 4);
        return bytes;
    }

    /// <summary>A call as it goes over the wire.</summary>
    public static byte[] Frame(int id, string method, object? parameters) =>
        Frame(
            new
            {
                jsonrpc = "2.0",
                id,
                method,
                @params = parameters ?? new { },
            }
        );

    /// <summary>Sends bytes; an engine that has hung up takes none.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _pipe.Write(bytes);
        }
        catch (IOException)
        {
            // The engine has had enough.
        }
    }

    /// <summary>Calls, and waits for the answer.</summary>
    public JsonNode Call(string method, object? parameters = null)
    {
        Send(Frame(++_lastId, method, parameters));
        return Answer(_lastId) ?? throw new AssertFailedException($"{method}: the engine hung up.");
    }

    /// <summary>Waits for the answer to a call, or null where the engine hangs up. Notifications are passed over.</summary>
    public JsonNode? Answer(int id)
    {
        while (Read() is { } message)
            if (message["id"]?.GetValueKind() == JsonValueKind.Number && (int)message["id"]! == id)
                return message;
        return null;
    }

    /// <summary>Reads until the engine hangs up.</summary>
    public void ReadToEnd()
    {
        while (Read() is not null)
        {
        }
    }

    public void Dispose() => _pipe.Dispose();

    private JsonNode? Read()
    {
        var head = new byte[4];
        try
        {
            if (_pipe.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
                return null;
            var body = new byte[BinaryPrimitives.ReadUInt32LittleEndian(head)];
            return _pipe.ReadAtLeast(body, body.Length, throwOnEndOfStream: false) < body.Length ? null : JsonNode.Parse(body);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
