using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>softmax(Q Kᵀ / √d) V of sequences whose heads are side by side.</summary>
internal static class FastAttention
{
    /// <summary>Computes attention.</summary>
    /// <param name="q">(B, N, heads · d).</param>
    /// <param name="k">(B or 1, M, heads · d).</param>
    /// <param name="v">(B or 1, M, heads · d).</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="upcast">Whether to compute in float32 for any type of the sequences.</param>
    /// <returns>(B, N, heads · d), contiguous, owned by the caller.</returns>
    public static Tensor Compute(Tensor q, Tensor k, Tensor v, long heads, bool upcast = false)
    {
        using var scope = NewDisposeScope();
        ScalarType type = q.dtype;
        if (upcast && type is (ScalarType.Float16 or ScalarType.BFloat16))
            (q, k, v) = (q.to(ScalarType.Float32), k.to(ScalarType.Float32), v.to(ScalarType.Float32));
        Tensor mixed = nn.functional.scaled_dot_product_attention(
            Split(q), Split(k.expand(q.shape[0], -1, -1)), Split(v.expand(q.shape[0], -1, -1)));
        return mixed.to(type).transpose(1, 2).flatten(2).contiguous().MoveToOuterDisposeScope();

        Tensor Split(Tensor x) => x.unflatten(2, [heads, -1]).transpose(1, 2);
    }
}

/// <summary>Keys and values of one sequence, with their strides: of <see cref="TokenBlocks{T}"/>, or of a text.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly unsafe struct AttentionKeys<T>
    where T : unmanaged
{
    /// <summary>The number of keys.</summary>
    public required int Count { get; init; }

    /// <summary>The first key's first channel.</summary>
    public required T* Keys { get; init; }

    /// <summary>Elements from one key to the next in the same block.</summary>
    public required long KeyStep { get; init; }

    /// <summary>Elements from one channel of a key to the next.</summary>
    public required long KeyChannelStep { get; init; }

    /// <summary>Elements from one block of keys to the next.</summary>
    public required long KeyBlockStep { get; init; }

    /// <summary>The first value's first channel.</summary>
    public required T* Values { get; init; }

    /// <summary>Elements from one value to the next.</summary>
    public required long ValueStep { get; init; }

    /// <summary>Elements from one channel of a value to the next.</summary>
    public required long ValueChannelStep { get; init; }
}

/// <summary>One cross-attention's keys and values of a text.</summary>
/// <param name="Keys">(1, tokens, width).</param>
/// <param name="Values">(1, tokens, width).</param>
internal sealed record TextKeys(Tensor Keys, Tensor Values);
