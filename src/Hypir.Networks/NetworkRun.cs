using static TorchSharp.torch;

namespace Hypir.Networks;

/// <summary>
/// Accompanies one evaluation of a network: each block calls <see cref="EnterBlock"/> before it computes, so that a long tile can be
/// cancelled and observed from within. An instance serves one evaluation on one thread.
/// </summary>
/// <param name="entered">Called before each block with the block's name, or null.</param>
/// <param name="cancellation">Checked before each block.</param>
public sealed class NetworkRun(Action<string>? entered = null, CancellationToken cancellation = default)
{
    /// <summary>An evaluation without observer and cancellation. It holds no state.</summary>
    public static NetworkRun Unobserved { get; } = new();

    /// <summary>
    /// Records the input of each block for a backward pass that recomputes the blocks; null if autograd keeps what it needs.
    /// </summary>
    public SegmentTape? Tape { get; init; }

    /// <summary>Cancels the evaluation.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Announces that a block is about to be computed.</summary>
    /// <param name="name">The block's name in the checkpoint ("down_blocks.0").</param>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public void EnterBlock(string name)
    {
        cancellation.ThrowIfCancellationRequested();
        entered?.Invoke(name);
    }

    /// <summary>
    /// Computes a part of a network. Every operation between the network's input and result must go through here, or a tape would miss it.
    /// </summary>
    /// <param name="block">A pure function of its input and the network's parameters; it may be called again.</param>
    /// <param name="x">Its input, which the caller keeps.</param>
    /// <returns>The result, owned by the caller.</returns>
    public Tensor Compute(Func<Tensor, Tensor> block, Tensor x) => Tape is null ? block(x) : Tape.Run(inputs => block(inputs[0]), x);

    /// <inheritdoc cref="Compute(Func{Tensor, Tensor}, Tensor)"/>
    /// <param name="block">A pure function of its inputs and the network's parameters; it may be called again.</param>
    /// <param name="x">Its first input.</param>
    /// <param name="y">Its second input.</param>
    public Tensor Compute(Func<Tensor, Tensor, Tensor> block, Tensor x, Tensor y) =>
        Tape is null ? block(x, y) : Tape.Run(inputs => block(inputs[0], inputs[1]), x, y);
}

/// <summary>
/// Gradient checkpointing (Chen et al., 2016): a network that runs with a tape keeps only the inputs of its segments;
/// <see cref="Backward"/> recomputes each segment, last one first, when its gradient is needed. This costs one more forward pass.
/// </summary>
/// <remarks>
/// The segments are driven from here rather than by a custom autograd function: such functions live until a finalizer frees them, and keep
/// an extra copy of each result. A tape serves one forward and one backward pass on one thread.
/// </remarks>
public sealed class SegmentTape : IDisposable
{
    private readonly List<Segment> _segments = [];
    private readonly Dictionary<Tensor, int> _results = new(ReferenceEqualityComparer.Instance);

    /// <summary>Runs the backward pass through all segments. Parameter gradients are added to their <c>grad</c>.</summary>
    /// <param name="result">The result of the last segment.</param>
    /// <param name="gradient">The gradient of the loss with respect to it, of the same shape.</param>
    public void Backward(Tensor result, Tensor gradient)
    {
        var due = new Dictionary<int, Tensor> { [_results[result]] = gradient.detach().DetachFromDisposeScope() };
        try
        {
            for (int i = _segments.Count - 1; i >= 0; i--)
            {
                using Segment segment = _segments[i];
                _segments.RemoveAt(i);
                if (due.Remove(i, out Tensor? own))
                    using (own)
                        Repeat(segment, own, due);
            }
        }
        finally
        {
            foreach (Tensor rest in due.Values)
                rest.Dispose();
            _results.Clear();
        }
    }

    /// <summary>Discards the remaining segments.</summary>
    public void Dispose()
    {
        foreach (Segment segment in _segments)
            segment.Dispose();
        _segments.Clear();
        _results.Clear();
    }

    /// <summary>Computes a segment without a graph and records how.</summary>
    internal Tensor Run(Func<Tensor[], Tensor> compute, params Tensor[] inputs)
    {
        using var noGradient = no_grad();
        Tensor result = compute(inputs);
        var kept = inputs.Select(input =>
            (input.detach().DetachFromDisposeScope(), _results.TryGetValue(input, out int source) ? source : (int?)null)
        );
        _results[result] = _segments.Count;
        _segments.Add(new Segment(compute, [.. kept]));
        return result;
    }

    private static void Repeat(Segment segment, Tensor own, Dictionary<int, Tensor> due)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        foreach ((Tensor input, int? source) in segment.Inputs)
            input.requires_grad = source is not null;
        Tensor again = segment.Compute([.. segment.Inputs.Select(input => input.Tensor)]);
        // A segment without trainable parameters that follows none that has any.
        if (!again.requires_grad)
            return;
        autograd.backward([again], [own]);
        foreach ((Tensor input, int? source) in segment.Inputs)
        {
            if (source is not int index || input.grad is not { } gradient)
                continue;
            if (due.Remove(index, out Tensor? before))
                using (before)
                    gradient = before.Plus(gradient);
            due[index] = gradient.DetachFromDisposeScope();
        }
    }

    private sealed record Segment(Func<Tensor[], Tensor> Compute, (Tensor Tensor, int? Source)[] Inputs) : IDisposable
    {
        public void Dispose()
        {
            foreach ((Tensor tensor, _) in Inputs)
                tensor.Dispose();
        }
    }
}

/// <summary>Lets networks outlive the dispose scope in which they were created; from then on their owner disposes them.</summary>
public static class ModuleLifetime
{
    /// <summary>Removes the parameters and buffers of all networks among some objects from their dispose scopes.</summary>
    /// <param name="owned">The objects; those that are not networks are skipped.</param>
    public static void Outlive(IEnumerable<IDisposable> owned)
    {
        foreach (nn.Module network in owned.OfType<nn.Module>())
        {
            foreach (Tensor tensor in network.parameters().Concat(network.buffers()))
                tensor.DetachFromDisposeScope();
        }
    }
}
