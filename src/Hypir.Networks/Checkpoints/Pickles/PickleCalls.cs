using System.Text;
using TorchSharp;

namespace Hypir.Networks.Checkpoints.Pickles;

/// <summary>The few calls on the allow-list: the results of REDUCE, BUILD and BINPERSID.</summary>
/// <param name="cursor">Creates the error messages.</param>
/// <param name="budget">The limit on the total size of all tensors.</param>
internal sealed class PickleCalls(PickleCursor cursor, TensorBudget budget)
{
    // libtorch's kernels take tensors of at most 64 dimensions.
    private const int MaxRank = 64;

    private readonly Dictionary<string, TorchStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>Every storage that was referred to, by key.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => _storages;

    /// <summary>REDUCE: calls a name of the allow-list with a tuple.</summary>
    public object Call(object? function, object? arguments)
    {
        if (function is not PickleGlobal global)
            throw Forbidden("calls something that is not a function");
        if (arguments is not object?[] values)
            throw Malformed("calls a function without a tuple of arguments");
        return (global.Kind, values) switch
        {
            (PickleGlobalKind.OrderedDict, _) => NewOrdered(values),
            (PickleGlobalKind.RebuildTensor, [TorchStorage s, _, _, _]) => NewTensor(s, values[1], values[2], values[3]),
            (PickleGlobalKind.RebuildTensorV2, [TorchStorage s, _, _, _, bool, _]) => NewTensor(s, values[1], values[2], values[3]),
            (PickleGlobalKind.RebuildTensorV2, [TorchStorage s, _, _, _, bool, _, var metadata]) => NewTensor(
                s, values[1], values[2], values[3], metadata),
            (PickleGlobalKind.RebuildParameter, [TorchTensor tensor, bool, _]) => tensor,
            (PickleGlobalKind.Encode, [string text, ..]) => Encode(text),
            (PickleGlobalKind.Inert, _) => PickleOpaque.Instance,
            (PickleGlobalKind.Storage, _) => throw Forbidden("makes a storage outside the file"),
            _ => throw Malformed("calls a function with other arguments than torch does"),
        };
    }

    /// <summary>BUILD: sets attributes, which only containers may carry; they are ignored.</summary>
    public void SetState(object? target)
    {
        if (target is TorchTensor or TorchStorage or PickleGlobal)
            throw Forbidden("changes a finished object");
        if (target is not (PickleDictionary { Ordered: true } or PickleOpaque))
            throw Malformed("gives attributes to a value that has none");
    }

    /// <summary>
    /// BINPERSID: ('storage', class, key, location, element count[, view]). The original location is ignored.
    /// </summary>
    public TorchStorage Persistent(object? id)
    {
        if (
            id is not object?[] { Length: 5 or 6 } parts
            || parts is not ["storage", PickleGlobal { Kind: PickleGlobalKind.Storage } kind, string key, string, ..]
        )
            throw Malformed("has a reference that is not a storage");
        var type = kind.Type!.Value;
        if (parts[4] is not long count || count < 0 || count > long.MaxValue / type.ElementSize())
            throw Bad($"gives the storage {Messages.Quote(key)} an impossible number of elements");
        if (_storages.TryGetValue(key, out var known) && (known.Type != type || known.Count != count))
            throw Bad($"uses the storage {Messages.Quote(key)} with two types or sizes");
        var whole = known ?? new TorchStorage(key, type, count, 0, count);
        _storages[key] = whole;
        return parts is [.., object?[] view] ? View(whole, view) : whole;
    }

    private TorchStorage View(TorchStorage whole, object?[] view)
    {
        if (view is not [string, long begin, long count])
            throw Malformed("has an invalid storage view");
        if (begin < 0 || count < 0 || begin > whole.Count || count > whole.Count - begin)
            throw Bad($"has a view that reaches beyond the storage {Messages.Quote(whole.Key)}");
        return whole with { ViewBegin = begin, ViewCount = count };
    }

    private PickleDictionary NewOrdered(object?[] arguments)
    {
        var dictionary = new PickleDictionary(ordered: true);
        if (arguments is [])
            return dictionary;
        if (arguments is not [List<object?> pairs])
            throw Malformed("makes a dictionary of something that is not a list");
        foreach (object? pair in pairs)
        {
            IReadOnlyList<object?>? parts = pair as object?[] ?? pair as IReadOnlyList<object?>;
            if (parts is not { Count: 2 } || !dictionary.TrySet(parts[0], parts[1]))
                throw Malformed("makes a dictionary of something that is not a list of pairs");
        }
        return dictionary;
    }

    private TorchTensor NewTensor(TorchStorage storage, object? offset, object? size, object? stride, object? metadata = null)
    {
        if (metadata is PickleDictionary { Count: > 0 })
            throw cursor.Fail(
                CheckpointErrorKind.UnsupportedTensor, "holds a tensor that is stored negated or conjugated, which is not supported",
                "Save the weights again as contiguous tensors.");
        if (offset is not long begin || begin < 0)
            throw Bad("has a tensor with an impossible offset");
        var (shape, steps) = (Sizes(size), Sizes(stride));
        if (shape.Length != steps.Length || shape.Length > MaxRank)
            throw Bad($"has a tensor of {shape.Length} sizes and {steps.Length} strides");
        try
        {
            CheckExtent(storage, begin, shape, steps);
        }
        catch (OverflowException e)
        {
            throw Bad($"has a tensor of shape [{string.Join(", ", shape)}], larger than any memory", e);
        }
        return new TorchTensor(storage, storage.ViewBegin + begin, shape, steps);
    }

    private void CheckExtent(TorchStorage storage, long begin, long[] shape, long[] steps)
    {
        long bytes = storage.Type.ElementSize();
        long last = begin;
        foreach (var (n, step) in shape.Zip(steps))
        {
            bytes = checked(bytes * Math.Max(n, 1));
            last = checked(last + (Math.Max(n, 1) - 1) * step);
        }
        if (shape.Contains(0) ? begin > storage.ViewCount : last >= storage.ViewCount)
            throw Bad($"has a tensor of shape [{string.Join(", ", shape)}] that reaches beyond its storage");
        if (!budget.TryTake(shape.Contains(0) ? 0 : bytes))
            throw cursor.Fail(
                CheckpointErrorKind.LimitExceeded, $"expands its tensors to more than {budget.Total} bytes, far more than the file holds");
    }

    private long[] Sizes(object? value)
    {
        if (value is not object?[] sizes || !sizes.All(size => size is long and >= 0))
            throw Bad("has a tensor whose sizes or strides are not whole numbers from 0 to 2^63-1");
        return [.. sizes.Cast<long>()];
    }

    private byte[] Encode(string text) =>
        text.All(c => c <= byte.MaxValue) ? Encoding.Latin1.GetBytes(text) : throw Malformed("encodes a text that is not a list of bytes");

    private CheckpointException Malformed(string what) => cursor.Fail(CheckpointErrorKind.MalformedPickle, what);

    private CheckpointException Bad(string what, Exception? inner = null) => cursor.Fail(CheckpointErrorKind.BadTensor, what, inner: inner);

    private CheckpointException Forbidden(string what) =>
        cursor.Fail(CheckpointErrorKind.ForbiddenCall, what + ", which plain weights never do; nothing was run",
            "Take the weights as safetensors, or from a source that you trust.");
}
