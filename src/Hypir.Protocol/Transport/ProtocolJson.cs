using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hypir.Protocol.Transport;

/// <summary>How messages are written as JSON: names begin small, enumerations are words, what is null is left out.</summary>
internal static class ProtocolJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new FiniteNumber() },
    };
}
