using System.Collections.Frozen;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints;

/// <summary>The element types of the safetensors format and their torch counterparts. The format's other types have none in this library.</summary>
internal static class SafetensorsTypes
{
    private static readonly FrozenDictionary<string, ScalarType> Types = new Dictionary<string, ScalarType>
    {
        ["F64"] = ScalarType.Float64,
        ["F32"] = ScalarType.Float32,
        ["F16"] = ScalarType.Float16,
        ["BF16"] = ScalarType.BFloat16,
        ["I64"] = ScalarType.Int64,
        ["I32"] = ScalarType.Int32,
        ["I16"] = ScalarType.Int16,
        ["I8"] = ScalarType.Int8,
        ["U8"] = ScalarType.Byte,
        ["BOOL"] = ScalarType.Bool,
        ["C64"] = ScalarType.ComplexFloat32,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<ScalarType, string> Names = Types.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    public static bool TryParse(string name, out ScalarType type) => Types.TryGetValue(name, out type);

    public static bool TryFormat(ScalarType type, out string? name) => Names.TryGetValue(type, out name);
}
