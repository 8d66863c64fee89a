using Hypir.Protocol.Messages;
using Hypir.Protocol.Transport;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Hypir.Protocol.Client;

/// <summary>The client's end of a connection.</summary>
internal sealed class EngineRpc(Stream stream) : JsonRpc(new FramedMessages(stream))
{
    /// <summary>Turns what a call threw into words of the protocol; null where the connection was lost.</summary>
    public static EngineException? Translate(Exception failure) => failure switch
    {
        EngineException known => known,
        _ when IsLoss(failure) => null,
        RemoteInvocationException remote => new(
            Enum.IsDefined((EngineError)remote.ErrorCode) ? (EngineError)remote.ErrorCode : EngineError.Internal,
            remote.Message, remote.DeserializedErrorData as ErrorDetails, remote),
        RemoteRpcException remote => new(EngineError.VersionMismatch, $"The engine does not understand this program: {remote.Message}",
            new("Update Hypir and the programs that use it to the same version."), remote),
        _ => null,
    };

    /// <summary>Whether an exception tells that the connection was lost.</summary>
    public static bool IsLoss(Exception failure) => failure is ConnectionLostException or ObjectDisposedException or IOException;

    protected override Type? GetErrorDetailsDataType(JsonRpcError error) => typeof(ErrorDetails);
}
