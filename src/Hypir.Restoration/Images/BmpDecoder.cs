using SkiaSharp;

namespace Hypir.Restoration.Images;

/// <summary>Reads BMP by Skia, row by row.</summary>
internal sealed class BmpDecoder : IPictureDecoder
{
    private readonly string _path;
    private readonly BmpHeader _header;

    /// <summary>Reads a file's header.</summary>
    /// <exception cref="PictureException">It ends within its header.</exception>
    internal BmpDecoder(string path)
    {
        _path = path;
        _header = BmpHeader.Read(path);
        // A size that no limit lets pass must not be cut to another that does.
        Info = new PictureInfo(PictureFormat.Bmp, (int)Math.Clamp(_header.Width, 0, int.MaxValue), (int)Math.Clamp(_header.Height, 0, int.MaxValue), 8, HasAlpha(), null);
    }

    /// <inheritdoc/>
    public PictureInfo Info { get; }

    /// <inheritdoc/>
    public unsafe Picture Decode(CancellationToken cancellation)
    {
        using var codec = SKCodec.Create(_path);
        if (codec is null || codec.Info.Width != Info.Width || codec.Info.Height != Info.Height)
            throw Damaged("its header does not fit its content");
        var rows = new SKImageInfo(Info.Width, Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        if (codec.StartScanlineDecode(rows) is var result and not SKCodecResult.Success)
            throw Damaged(result.ToString());
        var buffer = new UprightBuffer(Info.Width, Info.Height, 1, 8, Info.HasAlpha);
        byte[] row = new byte[rows.RowBytes];
        fixed (byte* pixels = row)
        {
            for (int y = 0; y < Info.Height; y++)
            {
                cancellation.ThrowIfCancellationRequested();
                int target = codec.GetOutputScanline(y);
                if (codec.GetScanlines((nint)pixels, 1, rows.RowBytes) != 1)
                    throw Damaged($"{y} of {Info.Height} rows are there");
                buffer.Write(0, target, Info.Width, row, bands: 4);
            }
        }
        return buffer.ToPicture(PictureMetadata.None);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private bool HasAlpha()
    {
        using var codec = SKCodec.Create(_path);
        return codec is not null && codec.Info.AlphaType != SKAlphaType.Opaque;
    }

    private PictureException Damaged(string why) => new(_path, $"The file is damaged or incomplete: {why}.", "Get it again from its source.");
}
