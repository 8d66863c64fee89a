using System.Numerics;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// Sequences passing through a network's attention as <see cref="TokenBlocks{T}"/>. Each thread takes a few blocks from one residual sum to
/// the next without leaving its cache: attention scores, and a feed-forward layer's fourfold channels, never exist for a whole map.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class BlockSequences<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// The largest number of blocks that share a pass through a linear map, so that its weights are read once for all of them.
    /// </summary>
    private const int MostTogether = 8;

    /// <summary>
    /// The smallest number of such groups per thread, so that one thread held up by another program does not hold up all.
    /// </summary>
    private const int GroupsPerThread = 2;

    /// <summary>
    /// A thread's scratch memory, in channels of each of its blocks: a normalized sequence, and a feed-forward layer's expansion.
    /// </summary>
    private const int OwnChannels = 5;

    private readonly TokenBlocks<T> _blocks;
    private readonly int _channels;
    private readonly int _together;
    private readonly long _block;
    private readonly long _valuePitch;
    private readonly T* _sequences;
    private readonly T* _queries;
    private readonly T* _keys;
    private readonly T* _values;
    private readonly IDisposable _lease;
    private readonly ThreadMemory<T> _own;

    /// <summary>Allocates the sequences in the current scope.</summary>
    /// <param name="memory">Provides the memory.</param>
    /// <param name="sequences">Number of sequences.</param>
    /// <param name="tokens">Tokens per sequence.</param>
    /// <param name="channels">Channels.</param>
    public BlockSequences(MapMemory memory, long sequences, long tokens, long channels)
    {
        _blocks = new((int)sequences, (int)tokens);
        _channels = (int)channels;
        _block = channels * TokenBlocks<T>.Size;
        int threads = get_num_threads();
        _together = Math.Clamp((_blocks.Count + threads * GroupsPerThread - 1) / (threads * GroupsPerThread), 1, MostTogether);
        // Values are stored by channel across all sequences. One extra vector of padding keeps a token's channels from mapping to the same
        // cache lines.
        _valuePitch = (long)_blocks.Count * TokenBlocks<T>.Size + Vector512<T>.Count;
        long sequence = _blocks.Count * _block;
        Tensor all = memory.Rent(
            [3 * sequence + channels * _valuePitch], TensorMemory.TypeOf<T>(), out _lease);
        _sequences = TensorMemory.Pointer<T>(all);
        _queries = _sequences + sequence;
        _keys = _queries + sequence;
        _values = _keys + sequence;
        _own = new(memory, OwnChannels * _together * _block);
    }

    /// <summary>Reads the sequences from rows.</summary>
    /// <param name="rows">(sequences, tokens, channels), contiguous.</param>
    /// <param name="map">Applied to them, or null.</param>
    public void Enter(Tensor rows, FastLinear? map = null)
    {
        T* from = TensorMemory.Pointer<T>(rows);
        BlockLinear<T>? linear = map is null ? null : new(map);
        EachGroup(
            (first, count, own) =>
            {
                T* to = linear is null ? _sequences + first * _block : own;
                for (int i = 0; i < count; i++)
                    _blocks.Read(from, _channels, first + i, to + i * _block);
                linear?.Run(own, count, _sequences + first * _block);
            }
        );
    }

    /// <summary>Adds the sequences' self-attention, or replaces the sequences by it.</summary>
    /// <param name="norm">Applied first, or null.</param>
    /// <param name="all">Queries, keys and values.</param>
    /// <param name="result">Applied last.</param>
    /// <param name="heads">Number of heads.</param>
    /// <param name="adds">Whether to add rather than replace.</param>
    public void Attend(BlockNorm<T>? norm, FastLinear all, FastLinear result, int heads, bool adds)
    {
        BlockLinear<T> parts = new(all),
            after = new(result);
        EachGroup(
            (first, count, own) =>
            {
                T* from = norm is null ? _sequences + first * _block : own;
                norm?.Run(_sequences + first * _block, count, own);
                parts.Run(from, count, 0, _channels, _queries + first * _block, _block, TokenBlocks<T>.Size);
                parts.Run(from, count, _channels, _channels, _keys + first * _block, _block, TokenBlocks<T>.Size);
                parts.Run(
                    from, count, 2 * _channels, _channels, _values + (long)first * TokenBlocks<T>.Size, TokenBlocks<T>.Size, _valuePitch);
            }
        );
        EachGroup(
            (first, count, own) =>
            {
                int next;
                for (int block = first; block < first + count; block = next)
                {
                    int sequence = block / _blocks.PerSequence;
                    next = Math.Min(first + count, (sequence + 1) * _blocks.PerSequence);
                    BlockAttention<T>.Run(
                        KeysOf(sequence), heads, _channels, _queries + block * _block, next - block, own + (block - first) * _block);
                }

                after.Run(own, count, _sequences + first * _block, adds);
            }
        );
    }

    /// <summary>Adds the sequences' cross-attention to a text.</summary>
    /// <param name="norm">Applied first.</param>
    /// <param name="query">Computes the queries.</param>
    /// <param name="text">Keys and values.</param>
    /// <param name="result">Applied last.</param>
    /// <param name="heads">Number of heads.</param>
    public void AttendTo(BlockNorm<T> norm, FastLinear query, TextKeys text, FastLinear result, int heads)
    {
        BlockLinear<T> before = new(query),
            after = new(result);
        AttentionKeys<T> keys = new()
        {
            Count = (int)text.Keys.shape[1],
            Keys = TensorMemory.Pointer<T>(text.Keys),
            KeyStep = _channels,
            KeyChannelStep = 1,
            KeyBlockStep = _block,
            Values = TensorMemory.Pointer<T>(text.Values),
            ValueStep = _channels,
            ValueChannelStep = 1,
        };
        EachGroup(
            (first, count, own) =>
            {
                T* normal = own,
                    queries = own + count * _block;
                norm.Run(_sequences + first * _block, count, normal);
                before.Run(normal, count, queries);
                BlockAttention<T>.Run(keys, heads, _channels, queries, count, normal);
                after.Run(normal, count, _sequences + first * _block, adds: true);
            }
        );
    }

    /// <summary>Adds a feed-forward layer.</summary>
    /// <param name="norm">Applied first.</param>
    /// <param name="gate">Widens, with GELU gating.</param>
    /// <param name="result">Narrows.</param>
    public void Feed(BlockNorm<T> norm, FastLinear gate, FastLinear result)
    {
        BlockLinear<T> wide = new(gate),
            narrow = new(result);
        EachGroup(
            (first, count, own) =>
            {
                T* expanded = own + count * _block;
                norm.Run(_sequences + first * _block, count, own);
                wide.RunGated(own, count, expanded);
                narrow.Run(expanded, count, _sequences + first * _block, adds: true);
            }
        );
    }

    /// <summary>Writes the sequences as rows, added to others.</summary>
    /// <param name="others">The rows to add, (sequences, tokens, channels), contiguous.</param>
    /// <param name="rows">(sequences, tokens, channels), contiguous, written.</param>
    /// <param name="map">Applied to the sequences, or null.</param>
    public void Leave(Tensor others, Tensor rows, FastLinear? map = null)
    {
        T* other = TensorMemory.Pointer<T>(others),
            to = TensorMemory.Pointer<T>(rows);
        BlockLinear<T>? linear = map is null ? null : new(map);
        EachGroup(
            (first, count, own) =>
            {
                linear?.Run(_sequences + first * _block, count, own);
                T* from = linear is null ? _sequences + first * _block : own;
                for (int i = 0; i < count; i++)
                    _blocks.WriteSum(from + i * _block, _channels, first + i, other, to);
            }
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _own.Dispose();
        _lease.Dispose();
    }

    private AttentionKeys<T> KeysOf(int sequence) =>
        new()
        {
            Count = _blocks.Tokens,
            Keys = _keys + sequence * _blocks.PerSequence * _block,
            KeyStep = 1,
            KeyChannelStep = TokenBlocks<T>.Size,
            KeyBlockStep = _block,
            Values = _values + (long)sequence * _blocks.PerSequence * TokenBlocks<T>.Size,
            ValueStep = 1,
            ValueChannelStep = _valuePitch,
        };

    private void EachGroup(ThreadMemory<T>.Range range)
    {
        int groups = (_blocks.Count + _together - 1) / _together;
        _own.Run(groups, (from, to, own) =>
        {
            for (int group = from; group < to; group++)
                range(group * _together, Math.Min(_together, _blocks.Count - group * _together), own);
        });
    }
}
