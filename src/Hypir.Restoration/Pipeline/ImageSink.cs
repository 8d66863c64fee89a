using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Writes the result as samples of 8 or 16 bits.</summary>
/// <param name="samples">Interleaved samples of the whole result.</param>
/// <param name="bits">8 or 16.</param>
/// <param name="truncate">Values are cut off, as the reference does, instead of rounded.</param>
internal sealed class ImageSink(byte[] samples, int bits, bool truncate) : IRowSink
{
    /// <inheritdoc/>
    public void Write(int start, Tensor rows) => ImageTensors.Write(rows, samples, start, bits, truncate);
}
