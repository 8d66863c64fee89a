using System.Text;
using System.Text.Json;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Hypir.Protocol.Transport;

/// <summary>
/// A call whose arguments are neither a list nor an object. The formatter would drop the whole connection because of it, so it is converted
/// to a call without arguments, which the engine refuses.
/// </summary>
internal sealed class MalformedRequest : JsonRpcRequest
{
    /// <summary>Converts such a message to a call.</summary>
    /// <param name="message">The message, in UTF-8.</param>
    /// <returns>The call; null if the message is not a call, or has valid arguments.</returns>
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
            // Not JSON: the formatter reports it.
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
