using System.Numerics;
using System.Runtime.Intrinsics;

namespace Hypir.Networks.Fast;

/// <summary>
/// Sequences in blocks of as many tokens as two vectors hold: (blocks, channels, <see cref="Size"/>). What linear maps, norms and attention do to all tokens alike is then done to vectors,
/// no matrix is turned round, and a linear map reads its weights as they lie in the file. A sequence's last block is filled up with zeros, which are computed on and not read.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="Sequences">Sequences.</param>
/// <param name="Tokens">Tokens of each.</param>
internal sealed unsafe record TokenBlocks<T>(int Sequences, int Tokens)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Tokens in a block.</summary>
    public static int Size => 2 * Vector512<T>.Count;

    /// <summary>Blocks of a sequence.</summary>
    public int PerSequence => (Tokens + Size - 1) / Size;

    /// <summary>Blocks of all.</summary>
    public int Count => Sequences * PerSequence;

    /// <summary>Copies a block.</summary>
    /// <param name="rows">(sequences, tokens, channels).</param>
    /// <param name="channels">Channels.</param>
    /// <param name="block">Which.</param>
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
    /// <param name="block">Which.</param>
    /// <param name="others">(sequences, tokens, channels).</param>
    /// <param name="rows">(sequences, tokens, channels), of which the block's are written.</param>
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
