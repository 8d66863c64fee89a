using BitMiracle.LibJpeg.Classic;
using Hypir.Core.Files;

namespace Hypir.Imaging.Jpeg;

/// <summary>
/// The quantized coefficients of a JPEG file: they confine what its image was before it was compressed. Positions are those of the stored
/// image; <see cref="Orientation"/> and the offset lead from there to the pixels of a <see cref="RasterImage"/>.
/// </summary>
public sealed class JpegCoefficients
{
    /// <summary>Larger files are passed over.</summary>
    private const long MostCoefficients = 1L << 28;

    /// <summary>More scans than any encoder writes: a file can demand that each passes over the whole image again.</summary>
    private const int MostScans = 100;

    // For each component, in units' order: row of blocks after row, 64 coefficients each in natural order.
    private readonly short[][] _values;

    private JpegCoefficients(JpegHeader header, short[][] values, int orientation, int left, int top) =>
        (Header, _values, Orientation, Left, Top) = (header, values, orientation, left, top);

    internal JpegHeader Header { get; }

    /// <summary>The EXIF orientation that was applied to the pixels, 1 to 8.</summary>
    internal int Orientation { get; }

    /// <summary>The column of the upright image at which the pixels begin.</summary>
    internal int Left { get; }

    /// <summary>The row of the upright image at which they begin.</summary>
    internal int Top { get; }

    /// <summary>The IJG quality, 1 to 100, whose tables the file has, or that comes nearest.</summary>
    public int Quality => JpegQuality.Of(Header);

    /// <summary>
    /// Bytes of memory for a file's coefficients, 0 if none can be read; while they are read, the library takes one and a half times as
    /// much again.
    /// </summary>
    /// <param name="path">The file.</param>
    public static long BytesOf(string path)
    {
        try
        {
            return JpegHeader.Read(RegularFile.Require(path)) is { } header && header.Coefficients <= MostCoefficients
                ? header.Coefficients * sizeof(short) : 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Reads the coefficients of an image's file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="image">The image that was decoded from it.</param>
    /// <param name="cancellation">Cancels reading.</param>
    /// <returns>
    /// The coefficients; null if the file is not a gray or YCbCr JPEG file of 8 bits with Huffman coding, if it is too large, if its colors
    /// were converted, or if the coefficients do not agree with the image.
    /// </returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static JpegCoefficients? Read(string path, RasterImage image, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Metadata.StoredOrientation is not { } orientation || image.BitsPerSample != 8 || image.Alpha is not null)
            return null;
        JpegCoefficients? found;
        try
        {
            found = Read(path, image, orientation, cancellation);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or OutOfMemoryException))
        {
            // Hostile files can drive the library into exceptions of every kind. The image itself was decoded by another one.
            return null;
        }

        return found is not null && JpegProjection.Agrees(found, image) ? found : null;
    }

    /// <summary>The same coefficients for a part of the image.</summary>
    /// <param name="x">Its first column.</param>
    /// <param name="y">Its first row.</param>
    internal JpegCoefficients Cut(int x, int y) => new(Header, _values, Orientation, Left + x, Top + y);

    /// <summary>The coefficients of a block.</summary>
    /// <param name="component">Index of the component.</param>
    /// <param name="column">Column of the block within its component.</param>
    /// <param name="row">Row of the block.</param>
    internal ReadOnlySpan<short> Block(int component, int column, int row)
    {
        int across = Header.Columns * Header.Components[component].Across;
        return _values[component].AsSpan((row * across + column) * BlockTransform.Size, BlockTransform.Size);
    }

    private static JpegCoefficients? Read(string path, RasterImage image, int orientation, CancellationToken cancellation)
    {
        if (JpegHeader.Read(RegularFile.Require(path)) is not { } header || header.Coefficients > MostCoefficients)
            return null;
        // Also bounds what is allocated: the file may have changed since the image was read.
        if ((orientation < 5 ? (header.Width, header.Height) : (header.Height, header.Width)) != (image.Width, image.Height))
            return null;
        using var stream = File.OpenRead(path);
        var reader = new jpeg_decompress_struct(new SilentErrors()) { Progress = new jpeg_progress_mgr() };
        reader.Progress.OnProgress += (_, _) =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (reader.Input_scan_number > MostScans)
                throw new InvalidDataException("Too many scans.");
        };
        reader.jpeg_stdio_src(stream);
        reader.jpeg_read_header(true);
        if (reader.Image_width != header.Width || reader.Image_height != header.Height
            || reader.Num_components != header.Components.Count
            || reader.Jpeg_color_space != (header.Components.Count == 1 ? J_COLOR_SPACE.JCS_GRAYSCALE : J_COLOR_SPACE.JCS_YCbCr))
            return null;
        jvirt_array<JBLOCK>[] arrays = reader.jpeg_read_coefficients();
        var values = new short[header.Components.Count][];
        for (int i = 0; i < values.Length; i++)
            values[i] = Values(arrays[i], header.Columns * header.Components[i].Across, header.Rows * header.Components[i].Down);
        reader.jpeg_destroy();
        return reader.Err.Num_warnings > 0 ? null : new(header, values, orientation, 0, 0);
    }

    private static short[] Values(jvirt_array<JBLOCK> array, int columns, int rows)
    {
        var values = new short[checked(columns * rows * BlockTransform.Size)];
        for (int row = 0, at = 0; row < rows; row++)
        {
            JBLOCK[] blocks = array.Access(row, 1)[0];
            for (int column = 0; column < columns; column++)
            {
                for (int i = 0; i < BlockTransform.Size; i++)
                    values[at++] = blocks[column][i];
            }
        }

        return values;
    }

    /// <summary>Counts warnings, and prints nothing.</summary>
    private sealed class SilentErrors : jpeg_error_mgr
    {
        public override void output_message()
        {
        }

        public override void emit_message(int level)
        {
            if (level < 0)
                base.emit_message(level);
        }
    }
}
