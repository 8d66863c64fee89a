using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Receives the finished result, top to bottom.</summary>
internal interface IRowSink
{
    /// <summary>Receives rows.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="rows">(B, 3, n, W), nominally 0 … 1, not clamped; disposed after the call.</param>
    void Write(int start, Tensor rows);
}

/// <summary>Writes the result as 8- or 16-bit samples.</summary>
/// <param name="samples">Interleaved samples of the whole result.</param>
/// <param name="bits">8 or 16.</param>
/// <param name="truncate">Whether values are truncated, as the reference does, instead of rounded.</param>
internal sealed class ImageSink(byte[] samples, int bits, bool truncate) : IRowSink
{
    /// <inheritdoc/>
    public void Write(int start, Tensor rows) => ImageTensors.Write(rows, samples, start, bits, truncate);
}

/// <summary>Collects bands of rows in one tensor.</summary>
/// <param name="height">The total number of rows.</param>
/// <param name="owner">The scope that disposes the whole tensor.</param>
internal sealed class RowCollector(int height, DisposeScope owner)
{
    private Tensor? _whole;

    /// <summary>The whole tensor, (B, C, height, W): complete once every row is added.</summary>
    /// <exception cref="InvalidOperationException">No row was added.</exception>
    public Tensor Whole => _whole ?? throw new InvalidOperationException("No rows were added.");

    /// <summary>Copies a band to its place.</summary>
    /// <param name="start">Its first row.</param>
    /// <param name="rows">(B, C, n, W).</param>
    public void Add(int start, Tensor rows)
    {
        using var scope = NewDisposeScope();
        _whole ??= empty([rows.shape[0], rows.shape[1], height, rows.shape[3]], rows.dtype).MoveToOtherDisposeScope(owner);
        _whole.narrow(2, start, rows.shape[2]).copy_(rows);
    }
}
