namespace Hypir.Imaging.Jpeg;

/// <summary>Where the pixels of a JPEG file are in the image that was made upright, and perhaps cut out.</summary>
/// <param name="jpeg">The file's coefficients.</param>
/// <param name="width">Pixels in a row of the image.</param>
/// <param name="height">Its rows.</param>
internal readonly struct PixelGrid(JpegCoefficients jpeg, int width, int height)
{
    private readonly int _orientation = jpeg.Orientation, _left = jpeg.Left, _top = jpeg.Top;
    private readonly int _lastX = (jpeg.Orientation < 5 ? jpeg.Header.Width : jpeg.Header.Height) - 1;
    private readonly int _lastY = (jpeg.Orientation < 5 ? jpeg.Header.Height : jpeg.Header.Width) - 1;
    private readonly int _storedWidth = jpeg.Header.Width, _storedHeight = jpeg.Header.Height;

    /// <summary>The index of a stored pixel in the image; -1 if the image does not have it.</summary>
    /// <param name="x">Its column in the file.</param>
    /// <param name="y">Its row in the file.</param>
    public int IndexOf(int x, int y)
    {
        if (x >= _storedWidth || y >= _storedHeight)
            return -1;
        (int column, int row) = _orientation switch
        {
            2 => (_lastX - x, y),
            3 => (_lastX - x, _lastY - y),
            4 => (x, _lastY - y),
            5 => (y, x),
            6 => (_lastX - y, x),
            7 => (_lastX - y, _lastY - x),
            8 => (y, _lastY - x),
            _ => (x, y),
        };
        (column, row) = (column - _left, row - _top);
        return (uint)column < (uint)width && (uint)row < (uint)height ? row * width + column : -1;
    }
}
