using PaintDotNet.Imaging;
using PaintDotNet.Rendering;

namespace Hypir.PdnHost.Host;

/// <summary>A bitmap whose colors are converted when they are copied (H8, paintdotnet.md:44-45).</summary>
internal sealed unsafe class HostTransform(Ledger? ledger, IBitmapSource source, HostColors from, HostColors to)
    : Counted(ledger),
        IBitmapSource<ColorBgra32>
{
    private readonly byte[] _table = [.. Enumerable.Range(0, 256).Select(sample => from.To(to, (byte)sample))];

    public SizeInt32 Size => source.Size;

    public PixelFormat PixelFormat => PixelFormats.Bgra32;

    public void CopyPixels(void* pBuffer, int bufferStride, uint bufferSize, in RectInt32? srcRect)
    {
        RectInt32 rect = srcRect ?? new(0, 0, Size.Width, Size.Height);
        source.CopyPixels(pBuffer, bufferStride, bufferSize, rect);
        for (int row = 0; row < rect.Height; row++)
        {
            var line = new Span<byte>((byte*)pBuffer + (long)row * bufferStride, rect.Width * 4);
            for (int i = 0; i < line.Length; i++)
                line[i] = i % 4 == 3 ? line[i] : _table[line[i]];
        }
    }
}
