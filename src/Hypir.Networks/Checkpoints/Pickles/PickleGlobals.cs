using System.Collections.Frozen;
using static TorchSharp.torch;

namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>
/// The allow-list: every name that a pickle may mention. Names are only compared, never looked up in any program, so that nothing in a file
/// can run; a name outside the list refuses the file, because it was not made by saving weights.
/// </summary>
internal static class PickleGlobals
{
    private static readonly FrozenDictionary<(string Module, string Name), PickleGlobal> Allowed = Build();

    // Kinds of tensors that torch writes and that are not read: the answer can be more helpful than "forbidden".
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

    /// <summary>The name, in module torch, of the storage class of a type; null where there is none.</summary>
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

    // Found beside the weights in published checkpoints (Stable Diffusion's own among them): sets, numpy's numbers, sizes and types,
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

/// <summary>A name that a pickle may mention.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Type">Element type of a storage class.</param>
internal sealed record PickleGlobal(PickleGlobalKind Kind, ScalarType? Type = null);

/// <summary>What a name that a pickle may mention stands for.</summary>
internal enum PickleGlobalKind
{
    /// <summary><c>collections.OrderedDict</c>.</summary>
    OrderedDict,

    /// <summary><c>torch._utils._rebuild_tensor</c>: storage, offset, size, stride.</summary>
    RebuildTensor,

    /// <summary><c>torch._utils._rebuild_tensor_v2</c>: also requires_grad, hooks, and perhaps metadata.</summary>
    RebuildTensorV2,

    /// <summary><c>torch._utils._rebuild_parameter</c>: a tensor, requires_grad, hooks.</summary>
    RebuildParameter,

    /// <summary><c>torch.FloatStorage</c> and its like: names an element type; never called.</summary>
    Storage,

    /// <summary><c>_codecs.encode</c>: how protocol 2 writes bytes.</summary>
    Encode,

    /// <summary>
    /// A name out of a training program. It, and what it is called with, becomes <see cref="PickleOpaque"/>: no code of it exists here.
    /// </summary>
    Inert,
}
