using System.Text;
using System.Text.Json;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Hypir.Protocol.Transport;

/// <summary>
/// A call whose arguments are neither a list nor an object. The formatter would refuse the whole connection for it; so it becomes a call
/// without arguments, which the engine refuses.
/// </summary>
internal sealed class MalformedRequest : JsonRpcRequest
{
    /// <summary>Makes such a call of a message.</summary>
    /// <param name="message">The message, in UTF-8.</param>
    /// <returns>The call; null where the message is none, or one with arguments in order.</returns>
    public static MalformedRequest? Of(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        bool wrong = false;
        var request = new MalformedRequest();
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                switch (name)
                {
                    case "params":
                        wrong |= reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject);
                        break;
                    case "method" when reader.TokenType == JsonTokenType.String:
                        request.Method = reader.GetString()!;
                        break;
                    case "id":
                        request.RequestId = IdOf(ref reader);
                        break;
                }
                reader.Skip();
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            // No JSON: the formatter says so.
            return null;
        }
        return wrong && request.Method is not null ? request : null;
    }

    private static RequestId IdOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out long number) => new(number),
        JsonTokenType.String => new(reader.GetString()),
        _ => RequestId.NotSpecified,
    };
}
