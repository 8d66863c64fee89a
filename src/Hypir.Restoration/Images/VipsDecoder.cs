using NetVips;

namespace Hypir.Restoration.Images;

/// <summary>Reads PNG, JPEG, WebP, TIFF and GIF by libvips, strip by strip.</summary>
internal sealed class VipsDecoder : IPictureDecoder
{
    // Enough rows to keep the threads busy, little beside any picture that is large.
    private const long StripBytes = 8 << 20;

    private readonly string _path;
    private readonly Image _image;
    private readonly int _orientation;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="PictureException">The header is damaged, or says something that is not read.</exception>
    internal VipsDecoder(string path, PictureFormat format)
    {
        VipsLibrary.Prepare();
        _path = path;
        try
        {
            _image = OpenImage(path, format);
        }
        catch (VipsException failure)
        {
            throw Damaged(failure);
        }
        try
        {
            _orientation = _image.Contains("orientation") ? (int)_image.Get("orientation") : 1;
            var (width, height) = UprightBuffer.UprightSize(_image.Width, _image.Height, _orientation);
            Info = new PictureInfo(format, width, height, BitsPerSample(), SrgbPipeline.HasAlpha(_image), null);
        }
        catch
        {
            _image.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public PictureInfo Info { get; }

    /// <inheritdoc/>
    public Picture Decode(CancellationToken cancellation)
    {
        try
        {
            using var srgb = SrgbPipeline.Make(_image);
            var buffer = new UprightBuffer(srgb.Width, srgb.Height, _orientation, Info.BitsPerSample, Info.HasAlpha);
            int rowBytes = srgb.Width * srgb.Bands * (Info.BitsPerSample / 8);
            int stripRows = (int)Math.Clamp(StripBytes / rowBytes, 1, srgb.Height);
            for (int row = 0; row < srgb.Height; row += stripRows)
            {
                cancellation.ThrowIfCancellationRequested();
                CopyStrip(srgb, row, Math.Min(stripRows, srgb.Height - row), buffer);
            }
            return buffer.ToPicture(PictureMetadata.None);
        }
        catch (VipsException failure)
        {
            throw Damaged(failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _image.Dispose();

    private static Image OpenImage(string path, PictureFormat format)
    {
        // Rows are asked for once, from the top: a decoder then keeps a few rows, not the picture. "Error" includes "truncated".
        const Enums.Access access = Enums.Access.Sequential;
        const Enums.FailOn failOn = Enums.FailOn.Error;
        return format switch
        {
            PictureFormat.Png => Image.Pngload(path, access: access, failOn: failOn),
            PictureFormat.Jpeg => Image.Jpegload(path, access: access, failOn: failOn),
            PictureFormat.WebP => Image.Webpload(path, access: access, failOn: failOn),
            PictureFormat.Tiff => Image.Tiffload(path, access: access, failOn: failOn),
            PictureFormat.Gif => Image.Gifload(path, access: access, failOn: failOn),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }

    private static unsafe void CopyStrip(Image image, int row, int rows, UprightBuffer buffer)
    {
        using var strip = image.Crop(0, row, image.Width, rows);
        nint samples = strip.WriteToMemory(out ulong size);
        try
        {
            buffer.Write(row, new ReadOnlySpan<byte>((void*)samples, checked((int)size)), image.Bands);
        }
        finally
        {
            NetVips.NetVips.Free(samples);
        }
    }

    private int BitsPerSample() => _image.Format switch
    {
        Enums.BandFormat.Uchar => 8,
        Enums.BandFormat.Ushort => 16,
        var other => throw new PictureException(_path, $"Its samples are of type {other}, which is not read.", "Convert it to 8 or 16 bits a sample."),
    };

    private PictureException Damaged(VipsException failure) =>
        new(_path, "The file is damaged or incomplete: " + VipsLibrary.Words(failure), "Get it again from its source, or open and save it with another program.", failure);
}
