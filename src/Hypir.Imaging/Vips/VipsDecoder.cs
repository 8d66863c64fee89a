using Hypir.Imaging.Color;
using Hypir.Imaging.Formats;
using Hypir.Imaging.Metadata;
using NetVips;

namespace Hypir.Imaging.Vips;

/// <summary>An open image file whose header has been read, but not its pixels.</summary>
internal interface IImageDecoder : IDisposable
{
    /// <summary>The contents of the header.</summary>
    ImageInfo Info { get; }

    /// <summary>Decodes the pixels. Call it at most once.</summary>
    /// <param name="keepOwnColors">Whether to keep the samples in the colors of the file's own profile as well
    /// (<see cref="OwnColors"/>).</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ImageException">The file is damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    RasterImage Decode(bool keepOwnColors, CancellationToken cancellation);
}

/// <summary>Reads PNG, JPEG, WebP, TIFF and GIF with libvips, in strips of rows.</summary>
internal sealed class VipsDecoder : IImageDecoder
{
    private readonly string _path;
    private readonly Image _image;
    private readonly Bands _bands;
    private readonly int _orientation;
    private readonly TiffLayout? _page;
    private readonly int _pageNumber;
    private readonly long _pageAt;
    private readonly YCbCrConversion? _luma;
    private readonly PngChunks? _png;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="ImageException">The header is damaged, or describes an unsupported variant.</exception>
    /// <exception cref="VipsException">The header is damaged.</exception>
    internal VipsDecoder(string path, ImageFormat format)
    {
        _path = path;
        bool buffersAll = format is ImageFormat.WebP or ImageFormat.Gif;
        if (format == ImageFormat.Tiff)
        {
            (_pageNumber, _pageAt, _page) = TiffPages.Find(path);
            TiffRules.Check(path, _page);
            if (_page is { Photometric: TiffLayout.YCbCr, Compression: not TiffLayout.Jpeg, Subsampling: (1, 1) })
                _luma = YCbCrConversion.Of(path, _page);
        }
        else if (format == ImageFormat.Jpeg)
        {
            buffersAll = JpegRules.Check(path);
        }
        else if (format == ImageFormat.Png)
        {
            _png = PngChunks.Read(path);
        }
        _image = OpenImage(path, format, _pageNumber);
        try
        {
            _orientation = MetadataReader.Orientation(_image, _png);
            _bands = Bands.Of(_image, _page);
            var (width, height) = UprightBuffer.UprightSize(_image.Width, _image.Height, _orientation);
            Info = new ImageInfo(format, width, height, BitsPerSample(), _bands.Alpha is not null, Profile()?.Name)
            {
                Samples = _image.Bands,
                DecodingBytes = DecodingBytes(buffersAll),
            };
        }
        catch
        {
            _image.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ImageInfo Info { get; }

    /// <inheritdoc/>
    public RasterImage Decode(bool keepOwnColors, CancellationToken cancellation)
    {
        if (_page is not null)
            FileEnd.CheckTiff(_path, _pageAt);
        if (_png is not null)
            FileEnd.CheckPng(_path, _png);
        List<string> notes = [];
        var exif = MetadataReader.Exif(_image, _path, Info.Format, _png);
        var profile = SourceProfile.Find(MetadataReader.Blob(_image, "icc-profile-data"), _bands.Colors, _png?.Colors, exif, notes);
        // Of a JPEG file without a resolution, libvips reports 72 pixels per inch.
        bool statesResolution = Info.Format != ImageFormat.Jpeg || UnknownResolution.JfifStatesOne(_path);
        var metadata = MetadataReader.Read(_image, exif, _png, profile, statesResolution, notes);
        if (MetadataReader.OtherFrames(_image, Info.Format, _pageNumber) is { } frames)
            notes.Add(frames);
        if (_bands.Note is { } note)
            notes.Add(note);
        var buffer = new UprightBuffer(_image.Width, _image.Height, _orientation, Info.BitsPerSample, Info.HasAlpha);
        var toSrgb = profile is not null && !ColorConversion.IsSrgb(profile) ? profile : null;
        var own = keepOwnColors && toSrgb is not null ? new OwnBuffer(_image, _bands.Colors, _orientation) : null;
        bool asStored = toSrgb is null && _bands.Colors == 3 && _image.Bands <= 4 && _bands.Alpha is null or 3;
        // Gray stays what it is in all three colors.
        bool unconverted = toSrgb is null && _bands is { Colors: 1 or 3, Alpha: null };
        int? stored = unconverted ? Math.Max(_orientation, 1) : null;
        using var strips = new StripReader(_image);
        while (strips.Next() is { } strip)
        {
            cancellation.ThrowIfCancellationRequested();
            _luma?.Convert(strip.Samples.Span, _image.Bands);
            own?.Write(strip);
            if (asStored)
                buffer.Write(0, strip.Top, _image.Width, strip.Samples.Span, _image.Bands);
            else
                WriteConverted(strip, toSrgb, buffer);
        }
        return buffer.ToImage(metadata with
        {
            Notes = notes,
            OwnColors = own?.ToOwnColors(),
            StoredOrientation = stored,
            Gray = _bands.Colors == 1,
            LosslessWebP = Info.Format == ImageFormat.WebP && WebPRules.IsLossless(_path),
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _image.Dispose();

    private static Image OpenImage(string path, ImageFormat format, int page)
    {
        // Sequential access, once, top to bottom: the decoder then buffers a few rows, not the image. "Error" includes "truncated".
        const Enums.Access access = Enums.Access.Sequential;
        const Enums.FailOn failOn = Enums.FailOn.Error;
        return format switch
        {
            ImageFormat.Png => Image.Pngload(path, access: access, failOn: failOn),
            ImageFormat.Jpeg => Image.Jpegload(path, access: access, failOn: failOn),
            ImageFormat.WebP => Image.Webpload(path, access: access, failOn: failOn),
            ImageFormat.Tiff => Image.Tiffload(path, page: page, access: access, failOn: failOn),
            ImageFormat.Gif => Image.Gifload(path, access: access, failOn: failOn),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }

    private unsafe void WriteConverted(StripReader.Strip strip, IccProfile? profile, UprightBuffer buffer)
    {
        using var plain = Image.NewFromMemory((ReadOnlyMemory<byte>)strip.Samples, _image.Width, strip.Rows, _image.Bands, _image.Format);
        using var raw = plain.Copy(interpretation: _image.Interpretation);
        using var color = raw.ExtractBand(0, n: _bands.Colors);
        using var rgb = ColorConversion.ToSrgb(color, profile);
        using var alpha = _bands.Alpha is { } band ? raw.ExtractBand(band) : null;
        using var all = alpha is null ? rgb.Copy() : rgb.Bandjoin(alpha);
        // Uses the library's threads: color conversion takes longer than decoding.
        nint samples = all.WriteToMemory(out ulong size);
        try
        {
            buffer.Write(0, strip.Top, all.Width, new ReadOnlySpan<byte>((void*)samples, checked((int)size)), all.Bands);
        }
        finally
        {
            NetVips.NetVips.Free(samples);
        }
    }

    private IccProfile? Profile() => MetadataReader.Blob(_image, "icc-profile-data") is { } data ? IccProfile.Parse(data) : null;

    private int BitsPerSample() =>
        _image.Format switch
        {
            Enums.BandFormat.Uchar => 8,
            Enums.BandFormat.Ushort => 16,
            var other => throw new ImageException(
                _path, $"Its samples are of type {other}, which is not supported.", "Convert it to 8 or 16 bits per sample."),
        };

    // Decoder buffers besides the image itself: the part of the file that is kept until its rows are complete.
    private long DecodingBytes(bool buffersAll)
    {
        const int blocksKept = 3;
        double image = (double)_image.Width * _image.Height * _image.Bands * BitsPerSample() / 8;
        // JPEG coefficients have 16 bits.
        double bytes = _page is not null ? Math.Min(blocksKept * _page.BlockRowBytes, image + _page.BlockRowBytes)
            : buffersAll ? image * (_image.Contains("jpeg-multiscan") ? 2 : 1) : 0;
        return (long)bytes;
    }
}
