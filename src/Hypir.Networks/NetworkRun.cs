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

    /// <summary>Tells that a block is about to be computed.</summary>
    /// <param name="name">The block, in the checkpoint's names ("down_blocks.0").</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public void EnterBlock(string name)
    {
        cancellation.ThrowIfCancellationRequested();
        entered?.Invoke(name);
    }
}
