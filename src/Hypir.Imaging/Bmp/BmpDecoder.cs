using System.Buffers.Binary;
using System.Numerics;
using Hypir.Imaging.Color;
using Hypir.Imaging.Formats;
using Hypir.Imaging.Vips;

namespace Hypir.Imaging.Bmp;

/// <summary>Reads BMP, row by row.</summary>
internal sealed class BmpDecoder : IImageDecoder
{
    private const int BufferBytes = 1 << 16;
    private const double MetresPerInch = 0.0254;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly BmpHeader _header;

    /// <summary>Reads a file's header.</summary>
    /// <exception cref="ImageException">The file ends within its header, or is of an unsupported kind.</exception>
    internal BmpDecoder(string path)
    {
        _path = path;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        try
        {
            _header = BmpHeader.Read(path, _file);
            // Saturate: a size over the limits must not wrap to one within them.
            Info = new ImageInfo(
                ImageFormat.Bmp, (int)Math.Clamp(_header.Width, 0, int.MaxValue), (int)Math.Clamp(_header.Height, 0, int.MaxValue), 8,
                HasAlpha, null);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ImageInfo Info { get; }

    private bool HasAlpha => _header.Masks is [_, _, _, not 0];

    /// <inheritdoc/>
    public RasterImage Decode(bool keepOwnColors, CancellationToken cancellation)
    {
        bool runs = _header.RunLengths;
        if (!runs && _file.Length - _header.PixelsAt < _header.RowBytes * _header.Height)
            throw Incomplete();
        try
        {
            var buffer = new UprightBuffer(Info.Width, Info.Height, 1, 8, HasAlpha);
            byte[] stored = new byte[runs ? Info.Width : _header.RowBytes], samples = new byte[(HasAlpha ? 4 : 3) * Info.Width];
            _file.Position = _header.PixelsAt;
            var codes = new BmpRunLengths(_file, Info.Width, _header.Bits);
            for (int y = 0; y < Info.Height; y++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (runs)
                    codes.ReadRow(stored);
                else
                    _file.ReadExactly(stored);
                Decode(stored, runs ? 8 : _header.Bits, samples);
                buffer.Write(0, _header.TopDown ? y : Info.Height - 1 - y, Info.Width, samples, HasAlpha ? 4 : 3);
            }
            return InSrgb(buffer.ToImage(Metadata()), keepOwnColors, cancellation);
        }
        catch (EndOfStreamException)
        {
            throw Incomplete();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Decode(ReadOnlySpan<byte> stored, int bits, Span<byte> samples)
    {
        if (bits <= 8)
            DecodeIndices(stored, bits, samples);
        else if (bits == 24)
            DecodeTriples(stored, samples);
        else
            DecodeMasked(stored, bits / 8, samples);
    }

    private void DecodeIndices(ReadOnlySpan<byte> stored, int bits, Span<byte> samples)
    {
        for (int x = 0; x < Info.Width; x++)
        {
            // Several pixels share a byte, the first one in the high bits.
            int bit = x * bits, index = stored[bit / 8] >> 8 - bits - bit % 8 & (1 << bits) - 1;
            DecodeTriples(_header.Palette.AsSpan(3 * Math.Min(index, _header.Palette.Length / 3 - 1), 3), samples.Slice(3 * x, 3));
        }
    }

    private static void DecodeTriples(ReadOnlySpan<byte> blueGreenRed, Span<byte> samples)
    {
        for (int i = 0; i < samples.Length; i += 3)
            (samples[i], samples[i + 1], samples[i + 2]) = (blueGreenRed[i + 2], blueGreenRed[i + 1], blueGreenRed[i]);
    }

    private void DecodeMasked(ReadOnlySpan<byte> stored, int bytes, Span<byte> samples)
    {
        int bands = samples.Length / Info.Width;
        for (int x = 0; x < Info.Width; x++)
        {
            uint pixel =
                bytes == 2
                    ? BinaryPrimitives.ReadUInt16LittleEndian(stored[(2 * x)..])
                    : BinaryPrimitives.ReadUInt32LittleEndian(stored[(4 * x)..]);
            for (int band = 0; band < bands; band++)
                samples[bands * x + band] = Widen(pixel, _header.Masks[band]);
        }
    }

    // Scales the mask's largest value to 255.
    private static byte Widen(uint pixel, uint mask)
    {
        int shift = BitOperations.TrailingZeroCount(mask);
        ulong most = mask == 0 ? 1 : mask >> shift, value = mask == 0 ? 0 : (pixel & mask) >> shift;
        return (byte)((value * 255 + most / 2) / most);
    }

    private RasterImage InSrgb(RasterImage image, bool keepOwnColors, CancellationToken cancellation)
    {
        List<string> notes = [];
        var profile = SourceProfile.OfBmp(_header, EmbeddedProfile(), notes);
        bool converts = profile is not null && !ColorConversion.IsSrgb(profile);
        var own =
            converts && keepOwnColors ? new OwnColors(image.Width, image.Height, 3, wide: false, [.. image.Rgb], fourth: null) : null;
        if (converts)
            ColorConversion.ToSrgb(image.Rgb, image.Width, profile!, cancellation);
        return image.With(image.Metadata with { Profile = profile?.Data, OwnColors = own, Notes = notes });
    }

    private byte[]? EmbeddedProfile()
    {
        var (at, length) = _header.Profile;
        if (length == 0)
            return null;
        // A profile that extends beyond the end of the file is ignored.
        byte[] data = new byte[Math.Clamp(_file.Length - at, 0, length)];
        _file.Position = Math.Min(at, _file.Length);
        _file.ReadExactly(data);
        return data;
    }

    private ImageMetadata Metadata() => _header.PixelsPerMetre is ( > 0 and var x, > 0 and var y)
        ? new ImageMetadata { PixelsPerInch = (x * MetresPerInch, y * MetresPerInch) }
        : ImageMetadata.None;

    private ImageException Incomplete() =>
        new(_path, "The file ends before its last row: a part is missing.", "Get it again from its source.");
}
