using System.Drawing;
using System.Drawing.Imaging;
using System.Runtime.InteropServices;
using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;

namespace Hypir.PdnEffect;

/// <summary>A copy of the result as a bitmap, which goes to a file when it is complete, or is taken for the clipboard.</summary>
/// <param name="path">The PNG file, or null.</param>
internal sealed class BitmapCopy(string? path) : ICopyTarget, IDisposable
{
    private const int Bytes = 4;
    private const string PngFormat = "PNG"; // As editors and browsers call it among each other.

    private Bitmap? _bitmap;
    private MemoryStream? _png;

    public void Begin(int width, int height)
    {
        try
        {
            _bitmap = new Bitmap(width, height, PixelFormat.Format32bppArgb);
        }
        catch (ArgumentException)
        {
            throw new InsufficientMemoryException(); // So the library says that there is no memory for it.
        }
    }

    public unsafe void Take(int row, ReadOnlySpan<byte> pixels)
    {
        BitmapData data = _bitmap!.LockBits(new(0, row, _bitmap.Width, 1), ImageLockMode.WriteOnly, PixelFormat.Format32bppArgb);
        pixels.CopyTo(new Span<byte>((void*)data.Scan0, _bitmap.Width * Bytes));
        _bitmap.UnlockBits(data);
    }

    /// <summary>The file appears in one step: a copy that is stopped leaves none, and one that fails leaves the old one.</summary>
    public void End()
    {
        try
        {
            if (path is not null)
                ToFile(path);
            else
                _bitmap!.Save(_png = new MemoryStream(), ImageFormat.Png);
        }
        catch (ExternalException failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    /// <summary>
    /// Puts the copy on the clipboard: with its transparency for those who take that, and as the bitmap that everybody takes, which has
    /// none.
    /// </summary>
    public void ToClipboard()
    {
        var data = new DataObject();
        data.SetData(DataFormats.Bitmap, autoConvert: true, _bitmap);
        data.SetData(PngFormat, autoConvert: false, _png);
        Clipboard.SetDataObject(data, copy: true);
    }

    public void Dispose()
    {
        _bitmap?.Dispose();
        _png?.Dispose();
    }

    private void ToFile(string file)
    {
        string temporary = $"{file}.{Environment.ProcessId}.tmp";
        try
        {
            _bitmap!.Save(temporary, ImageFormat.Png);
            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
