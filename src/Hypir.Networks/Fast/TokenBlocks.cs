using System.Numerics;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// Sequences in blocks of as many tokens as two vectors hold: (blocks, channels, <see cref="Size"/>). Operations that treat all tokens
/// alike (linear maps, norms, attention) thus work on whole vectors, no matrix is transposed, and a linear map reads its weights as they
/// are in the file. A sequence's last block is padded with zeros, which are computed but never read.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="Sequences">Number of sequences.</param>
/// <param name="Tokens">Tokens per sequence.</param>
internal sealed unsafe record TokenBlocks<T>(int Sequences, int Tokens)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Tokens per block.</summary>
    public static int Size => 2 * Vector512<T>.Count;

    /// <summary>Blocks per sequence.</summary>
    public int PerSequence => (Tokens + Size - 1) / Size;

    /// <summary>Blocks of all sequences.</summary>
    public int Count => Sequences * PerSequence;

    /// <summary>Copies a block.</summary>
    /// <param name="rows">(sequences, tokens, channels).</param>
    /// <param name="channels">Channels.</param>
    /// <param name="block">The index of the block.</param>
    /// <param name="target">(channels, <see cref="Size"/>).</param>
    public void Read(T* rows, int channels, int block, T* target)
    {
        T* from = rows + FirstToken(block) * channels;
        int count = Filled(block), size = Size;
        for (int c = 0; c < channels; c++, target += size)
        {
            for (int t = 0; t < count; t++)
                target[t] = from[(long)t * channels + c];
            new Span<T>(target + count, size - count).Clear();
        }
    }

    /// <summary>rows = block + others.</summary>
    /// <param name="source">(channels, <see cref="Size"/>).</param>
    /// <param name="channels">Channels.</param>
    /// <param name="block">The index of the block.</param>
    /// <param name="others">(sequences, tokens, channels).</param>
    /// <param name="rows">(sequences, tokens, channels); only the block's rows are written.</param>
    public void WriteSum(T* source, int channels, int block, T* others, T* rows)
    {
        long start = FirstToken(block) * channels;
        int count = Filled(block), size = Size;
        for (int t = 0; t < count; t++, start += channels)
        {
            for (int c = 0; c < channels; c++)
                rows[start + c] = others[start + c] + source[c * size + t];
        }
    }

    private long FirstToken(int block) => (long)(block / PerSequence) * Tokens + block % PerSequence * Size;

    private int Filled(int block) => Math.Min(Size, Tokens - block % PerSequence * Size);
}

/// <summary>Layer normalization of <see cref="TokenBlocks{T}"/>.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class BlockNorm<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T* _weight;
    private readonly T* _bias;
    private readonly int _channels;
    private readonly T _epsilon;

    /// <summary>Takes its weights from tensors, which must outlive it.</summary>
    /// <param name="weight">(channels).</param>
    /// <param name="bias">(channels).</param>
    /// <param name="epsilon">Added to the variance.</param>
    public BlockNorm(Tensor weight, Tensor bias, double epsilon)
    {
        _weight = TensorMemory.Pointer<T>(weight);
        _bias = TensorMemory.Pointer<T>(bias);
        (_channels, _epsilon) = ((int)weight.shape[0], T.CreateChecked(epsilon));
    }

    /// <summary>Normalizes some blocks.</summary>
    /// <param name="from">(blocks, channels, size).</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="to">(blocks, channels, size), written.</param>
    public void Run(T* from, int blocks, T* to)
    {
        int size = TokenBlocks<T>.Size, lanes = Vector512<T>.Count;
        for (int block = 0; block < blocks; block++)
        {
            long start = (long)block * _channels * size;
            for (int half = 0; half < size; half += lanes)
                Run(from + start + half, to + start + half, size);
        }
    }

    /// <summary>Normalizes one vector of tokens.</summary>
    private void Run(T* from, T* to, int step)
    {
        Vector512<T> share = Vector512.Create(T.One / T.CreateChecked(_channels)), sum = default, squares = default;
        for (int c = 0; c < _channels; c++)
            sum += Vector512.Load(from + c * step);
        Vector512<T> mean = sum * share;
        for (int c = 0; c < _channels; c++)
        {
            Vector512<T> centred = Vector512.Load(from + c * step) - mean;
            squares += centred * centred;
        }

        Vector512<T> factor = Vector512<T>.One / Vector512.Sqrt(squares * share + Vector512.Create(_epsilon));
        for (int c = 0; c < _channels; c++)
            ((Vector512.Load(from + c * step) - mean) * factor * Vector512.Create(_weight[c]) + Vector512.Create(_bias[c])).Store(
                to + c * step);
    }
}
