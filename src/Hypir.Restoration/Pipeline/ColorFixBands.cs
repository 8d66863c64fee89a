using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// The colour fix of a picture whose rows come little by little: it keeps no more of them than the fix reaches, and gives the bits of the whole.
/// </summary>
/// <param name="reference">Gives the low frequencies; of the result's size.</param>
/// <param name="bandRows">Rows that are fixed at a time.</param>
/// <param name="emit">Takes the first row, the rows before the fix, the reference's and the fixed ones; all are disposed after the call.</param>
internal sealed class ColorFixBands(IPixelSource reference, int bandRows, Action<int, Tensor, Tensor, Tensor> emit) : IDisposable
{
    private readonly int _height = reference.Size.Height;
    private Tensor? _pending;
    private int _pendingStart;
    private int _done;

    /// <summary>Takes the next rows and hands out those that are determined by now.</summary>
    /// <param name="rows">(B, 3, n, W), following those before.</param>
    public void Add(Tensor rows)
    {
        Append(rows);
        int end = _pendingStart + (int)_pending!.shape[2];
        int ready = end == _height ? _height : end - WaveletColorFix.Reach;
        while (_done < ready)
        {
            int to = Math.Min(ready, _done + bandRows);
            Fix(_done, to);
            _done = to;
        }
        Forget(Math.Max(_pendingStart, Math.Min(_done - WaveletColorFix.Reach, end)));
    }

    /// <inheritdoc/>
    public void Dispose() => _pending?.Dispose();

    private void Fix(int from, int to)
    {
        using var scope = NewDisposeScope();
        int top = Math.Max(0, from - WaveletColorFix.Reach), bottom = Math.Min(_height, to + WaveletColorFix.Reach);
        Tensor content = _pending!.narrow(2, top - _pendingStart, bottom - top);
        Tensor style = reference.Region(new(top, bottom, 0, reference.Size.Width));
        Tensor fixedRows = WaveletColorFix.Apply(content, style);
        emit(from, Middle(content), Middle(style), Middle(fixedRows));

        Tensor Middle(Tensor band) => band.narrow(2, from - top, to - from);
    }

    private void Append(Tensor rows)
    {
        using Tensor? before = _pending;
        _pending = (before is null ? rows.clone() : cat([before, rows], 2)).DetachFromDisposeScope();
    }

    private void Forget(int start)
    {
        if (start <= _pendingStart)
            return;
        using Tensor before = _pending!;
        using Tensor rest = before.narrow(2, start - _pendingStart, before.shape[2] - (start - _pendingStart));
        _pending = rest.clone().DetachFromDisposeScope();
        _pendingStart = start;
    }
}
