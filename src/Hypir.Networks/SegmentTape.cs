using static TorchSharp.torch;

namespace Hypir.Networks;

/// <summary>
/// Gradient checkpointing (Chen et al., 2016): a network that runs with a tape keeps only what goes into each of its segments, not what happens inside;
/// <see cref="Backward"/> computes each segment again, last one first, when its gradient is due. It costs one more forward.
/// </summary>
/// <remarks>
/// The segments are driven from here and not through a custom autograd function: such functions live until a finaliser frees them, and keep an extra copy of
/// each result. A tape serves one forward and one backward on one thread.
/// </remarks>
public sealed class SegmentTape : IDisposable
{
    private readonly List<Segment> _segments = [];
    private readonly Dictionary<Tensor, int> _results = new(ReferenceEqualityComparer.Instance);

    /// <summary>Goes back through all segments. The gradients of parameters are added to their <c>grad</c>.</summary>
    /// <param name="result">The result of the last segment.</param>
    /// <param name="gradient">The loss's gradient with respect to it, the same shape.</param>
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

    /// <summary>Forgets what is left.</summary>
    public void Dispose()
    {
        foreach (Segment segment in _segments)
            segment.Dispose();
        _segments.Clear();
        _results.Clear();
    }

    /// <summary>Computes a segment without a graph and remembers how.</summary>
    internal Tensor Run(Func<Tensor[], Tensor> compute, params Tensor[] inputs)
    {
        using var noGradient = no_grad();
        Tensor result = compute(inputs);
        var kept = inputs.Select(input => (input.detach().DetachFromDisposeScope(), _results.TryGetValue(input, out int source) ? source : (int?)null));
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
        // A segment that neither has parameters to train nor comes after one that has.
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
