using System.Text.Json.Serialization;

namespace Hypir.Networks.Tests.Checkpoints;

/// <summary>
/// One tensor as the corpus describes it: torch's name of its type, and float64 sum and first four values in row-major order.
/// </summary>
internal sealed record ProbeTensor(
    [property: JsonPropertyName("dtype")] string DType,
    [property: JsonPropertyName("shape")] long[] Shape,
    [property: JsonPropertyName("sum"), JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Sum,
    [property: JsonPropertyName("first"), JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double[] First)
{
    public bool Same(ProbeTensor other) =>
        DType == other.DType && Shape.SequenceEqual(other.Shape) && Sum == other.Sum && First.SequenceEqual(other.First);

    public override string ToString() => $"{DType} [{string.Join(",", Shape)}] sum {Sum} first {string.Join(",", First)}";
}
