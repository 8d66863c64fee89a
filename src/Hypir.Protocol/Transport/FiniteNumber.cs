using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hypir.Protocol.Transport;

/// <summary>Refuses numbers beyond the range of a double, such as 1e999, which the runtime reads as infinity.</summary>
internal sealed class FiniteNumber : JsonConverter<double>
{
    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetDouble(out double value) && double.IsFinite(value) ? value : throw new JsonException("The number is out of range.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
