using static TorchSharp.torch;

namespace Hypir.Networks;

/// <summary>
/// Accompanies one evaluation of a network: each block calls <see cref="EnterBlock"/> before it computes, so that a long tile can be cancelled and
/// watched from within. One object serves one evaluation on one thread.
/// </summary>
/// <param name="entered">Called before each block with the block's name; null where nobody watches.</param>
/// <param name="cancellation">Checked before each block.</param>
public sealed class NetworkRun(Action<string>? entered = null, CancellationToken cancellation = default)
{
    /// <summary>An evaluation that nobody watches or cancels. It holds no state.</summary>
    public static NetworkRun Unobserved { get; } = new();

    /// <summary>Keeps what goes into each block, for a way back that computes the block again; null where autograd keeps what it needs.</summary>
    public SegmentTape? Tape { get; init; }

    /// <summary>Tells that a block is about to be computed.</summary>
    /// <param name="name">The block, in the checkpoint's names ("down_blocks.0").</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public void EnterBlock(string name)
    {
        cancellation.ThrowIfCancellationRequested();
        entered?.Invoke(name);
    }

    /// <summary>Computes a part of a network: every operation between its input and its result goes through here, or a tape would lose the thread.</summary>
    /// <param name="block">A pure function of its input and of the network's parameters; it may be called again.</param>
    /// <param name="x">Its input, which stays the caller's.</param>
    /// <returns>The result, owned by the caller.</returns>
    public Tensor Compute(Func<Tensor, Tensor> block, Tensor x) => Tape is null ? block(x) : Tape.Run(inputs => block(inputs[0]), x);

    /// <inheritdoc cref="Compute(Func{Tensor, Tensor}, Tensor)"/>
    /// <param name="block">A pure function of its inputs and of the network's parameters; it may be called again.</param>
    /// <param name="x">Its first input.</param>
    /// <param name="y">Its second input.</param>
    public Tensor Compute(Func<Tensor, Tensor, Tensor> block, Tensor x, Tensor y) =>
        Tape is null ? block(x, y) : Tape.Run(inputs => block(inputs[0], inputs[1]), x, y);
}
