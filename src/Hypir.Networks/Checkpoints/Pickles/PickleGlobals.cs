using System.Collections.Frozen;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>
/// The allow-list of names that a pickle may contain. Names are only compared, never resolved to code, so that nothing in a file can run; a
/// name outside the list refuses the file, because saving weights does not produce it.
/// </summary>
internal static class PickleGlobals
{
    private static readonly FrozenDictionary<(string Module, string Name), PickleGlobal> Allowed = Build();

    // Tensor kinds that torch writes but Hypir does not read, listed for a more helpful error than "forbidden".
    private static readonly FrozenDictionary<(string Module, string Name), (CheckpointErrorKind Kind, string What)> Unsupported =
        new Dictionary<(string, string), (CheckpointErrorKind, string)>
        {
            [("torch._utils", "_rebuild_sparse_tensor")] = (CheckpointErrorKind.UnsupportedTensor, "a sparse tensor"),
            [("torch._utils", "_rebuild_qtensor")] = (CheckpointErrorKind.UnsupportedTensor, "a quantized tensor"),
            [("torch._utils", "_rebuild_nested_tensor")] = (CheckpointErrorKind.UnsupportedTensor, "a nested tensor"),
            [("torch._utils", "_rebuild_meta_tensor_no_storage")] = (CheckpointErrorKind.UnsupportedTensor, "a tensor without data (meta)"),
            [("torch._utils", "_rebuild_device_tensor_from_numpy")] = (
                CheckpointErrorKind.UnsupportedTensor, "a tensor of a special device"),
            [("torch._utils", "_rebuild_device_tensor_from_cpu_tensor")] = (
                CheckpointErrorKind.UnsupportedTensor, "a tensor of a special device"),
            [("torch._utils", "_rebuild_parameter_with_state")] = (
                CheckpointErrorKind.UnsupportedTensor, "a parameter with Python attributes"),
            [("torch._tensor", "_rebuild_from_type_v2")] = (CheckpointErrorKind.UnsupportedTensor, "a tensor with Python attributes"),
            [("torch._utils", "_rebuild_tensor_v3")] = (
                CheckpointErrorKind.UnsupportedDtype, "a tensor of float8 or large unsigned integers"),
            [("torch", "ComplexFloatStorage")] = (CheckpointErrorKind.UnsupportedDtype, "complex numbers"),
            [("torch", "ComplexDoubleStorage")] = (CheckpointErrorKind.UnsupportedDtype, "complex numbers"),
            [("torch", "QInt8Storage")] = (CheckpointErrorKind.UnsupportedDtype, "quantized numbers"),
            [("torch", "QUInt8Storage")] = (CheckpointErrorKind.UnsupportedDtype, "quantized numbers"),
            [("torch", "QInt32Storage")] = (CheckpointErrorKind.UnsupportedDtype, "quantized numbers"),
        }.ToFrozenDictionary();

    /// <exception cref="CheckpointException">The name is not on the list.</exception>
    public static PickleGlobal Resolve(PickleCursor cursor, string module, string name)
    {
        if (Allowed.TryGetValue((module, name), out var global))
            return global;
        if (Unsupported.TryGetValue((module, name), out var known))
            throw cursor.Fail(
                known.Kind, $"holds {known.What}, which is not supported",
                "Convert the weights to plain tensors, best in a safetensors file.");
        throw cursor.Fail(
            CheckpointErrorKind.ForbiddenGlobal,
            $"asks for {Messages.Quote(module + "." + name)}, which plain weights never need; nothing was run",
            "Take the weights as safetensors, or from a source that you trust.");
    }

    /// <summary>The name, in module torch, of a type's storage class; null if it has none.</summary>
    public static string? StorageName(ScalarType type) =>
        Storages.FirstOrDefault(storage => storage.Type == type) is { Prefix: { } prefix } ? prefix + "Storage" : null;

    private static FrozenDictionary<(string, string), PickleGlobal> Build()
    {
        var allowed = new Dictionary<(string, string), PickleGlobal>
        {
            [("collections", "OrderedDict")] = new(PickleGlobalKind.OrderedDict),
            [("torch._utils", "_rebuild_tensor")] = new(PickleGlobalKind.RebuildTensor),
            [("torch._utils", "_rebuild_tensor_v2")] = new(PickleGlobalKind.RebuildTensorV2),
            [("torch._utils", "_rebuild_parameter")] = new(PickleGlobalKind.RebuildParameter),
            [("_codecs", "encode")] = new(PickleGlobalKind.Encode),
        };
        foreach (var (prefix, type) in Storages)
            allowed[("torch", prefix + "Storage")] = new(PickleGlobalKind.Storage, type);
        foreach (var inert in Inert)
            allowed[inert] = new(PickleGlobalKind.Inert);
        return allowed.ToFrozenDictionary();
    }

    private static IEnumerable<(string Prefix, ScalarType Type)> Storages =>
        [
            ("Float", ScalarType.Float32), ("Double", ScalarType.Float64), ("Half", ScalarType.Float16), ("BFloat16", ScalarType.BFloat16),
            ("Long", ScalarType.Int64), ("Int", ScalarType.Int32), ("Short", ScalarType.Int16), ("Char", ScalarType.Int8),
            ("Byte", ScalarType.Byte), ("Bool", ScalarType.Bool),
        ];

    // Found beside the weights in published checkpoints (including Stable Diffusion's own): sets, numpy numbers, sizes and types,
    // callbacks.
    private static IEnumerable<(string Module, string Name)> Inert =>
    [
        ("builtins", "set"), ("__builtin__", "set"), ("builtins", "frozenset"), ("__builtin__", "frozenset"),
        ("numpy", "dtype"), ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"),
        ("torch", "Size"), ("torch", "device"), ("torch", "float32"), ("torch", "float16"), ("torch", "bfloat16"), ("torch", "float64"),
        ("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint"),
        ("lightning.pytorch.callbacks.model_checkpoint", "ModelCheckpoint"),
    ];
}

/// <summary>A name that a pickle may contain.</summary>
/// <param name="Kind">Its meaning.</param>
/// <param name="Type">Element type of a storage class.</param>
internal sealed record PickleGlobal(PickleGlobalKind Kind, ScalarType? Type = null);

/// <summary>The meaning of an allowed name.</summary>
internal enum PickleGlobalKind
{
    /// <summary><c>collections.OrderedDict</c>.</summary>
    OrderedDict,

    /// <summary><c>torch._utils._rebuild_tensor</c>: storage, offset, size, stride.</summary>
    RebuildTensor,

    /// <c>torch._utils._rebuild_tensor_v2</c>: also requires_grad, hooks, and optional metadata.
    RebuildTensorV2,

    /// <summary><c>torch._utils._rebuild_parameter</c>: a tensor, requires_grad, hooks.</summary>
    RebuildParameter,

    /// <c>torch.FloatStorage</c> and similar: names an element type; never called.
    Storage,

    /// <c>_codecs.encode</c>: protocol 2 uses it to write bytes.
    Encode,

    /// <summary>
    /// A name from a training program. The name and its calls become a <see cref="PickleOpaque"/>; none of its code exists here.
    /// </summary>
    Inert,
}
