using NetVips;

namespace Hypir.Restoration.Images;

/// <summary>Reads PNG, JPEG, WebP, TIFF and GIF by libvips, some rows at a time.</summary>
internal sealed class VipsDecoder : IPictureDecoder
{
    private readonly string _path;
    private readonly Image _image;
    private readonly int _colourBands;
    private readonly int _orientation;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="PictureException">The header is damaged, or says something that is not read.</exception>
    internal VipsDecoder(string path, PictureFormat format)
    {
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
            _orientation = MetadataReader.Orientation(_image, path, format);
            _colourBands = _image switch { { Bands: < 3 } => 1, { Bands: > 3, Interpretation: Enums.Interpretation.Cmyk } => 4, _ => 3 };
            var (width, height) = UprightBuffer.UprightSize(_image.Width, _image.Height, _orientation);
            Info = new PictureInfo(format, width, height, BitsPerSample(), _image.Bands > _colourBands, Profile()?.Name);
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
            FileEnd.Check(_path, Info.Format);
            List<string> notes = [];
            var profile = UsableProfile(notes);
            var metadata = MetadataReader.Read(_image, _path, Info.Format, profile, notes);
            if (MetadataReader.OtherFrames(_image, Info.Format) is { } frames)
                notes.Add(frames);
            if (_colourBands == 4 && profile is null)
                notes.Add("The file's CMYK colours have no profile; those of a common press were taken.");
            var buffer = new UprightBuffer(_image.Width, _image.Height, _orientation, Info.BitsPerSample, Info.HasAlpha);
            var toSrgb = profile is not null && !ColourConversion.IsSrgb(profile) ? profile : null;
            using var strips = new StripReader(_image);
            while (strips.Next() is { } strip)
            {
                cancellation.ThrowIfCancellationRequested();
                if (toSrgb is null && _colourBands == 3 && _image.Bands <= 4)
                    buffer.Write(0, strip.Top, _image.Width, strip.Samples.Span, _image.Bands);
                else
                    WriteConverted(strip, toSrgb, buffer);
            }
            return buffer.ToPicture(metadata with { Notes = notes });
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

    private unsafe void WriteConverted(StripReader.Strip strip, IccProfile? profile, UprightBuffer buffer)
    {
        using var plain = Image.NewFromMemory(strip.Samples, _image.Width, strip.Rows, _image.Bands, _image.Format);
        using var raw = plain.Copy(interpretation: _image.Interpretation);
        using var colour = raw.ExtractBand(0, n: _colourBands);
        using var rgb = ColourConversion.ToSrgb(colour, profile);
        // Files may have more than one channel beside the colours: the first is alpha.
        using var alpha = Info.HasAlpha ? raw.ExtractBand(_colourBands) : null;
        using var all = alpha is null ? rgb.Copy() : rgb.Bandjoin(alpha);
        // By the library's threads: colours take longer than decoding.
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

    private IccProfile? UsableProfile(List<string> notes)
    {
        if (Profile() is { } profile && profile.Channels == _colourBands && ColourConversion.CanRead(profile))
            return profile;
        if (_image.Contains("icc-profile-data"))
            notes.Add("The embedded colour profile is damaged or does not fit the picture; it was ignored.");
        return null;
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
