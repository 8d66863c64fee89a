using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Takes the finished result, from the top.</summary>
internal interface IRowSink
{
    /// <summary>Takes rows.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="rows">(B, 3, n, W), nominally 0 … 1, not clamped; disposed after the call.</param>
    void Write(int start, Tensor rows);
}
