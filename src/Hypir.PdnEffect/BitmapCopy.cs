using System.Drawing;
using System.Drawing.Imaging;
using System.Runtime.InteropServices;
using System.Windows.Forms;
using Hypir.PdnEffect.ViewModel;

namespace Hypir.PdnEffect;

/// <summary>A copy of the result as a bitmap, saved to a file when complete or put on the clipboard.</summary>
/// <param name="path">The PNG file, or null.</param>
internal sealed class BitmapCopy(string? path) : ICopyTarget, IDisposable
{
    private const int Bytes = 4;
    private const string PngFormat = "PNG"; // The format name used by editors and browsers.

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
            throw new InsufficientMemoryException(); // GDI+ reports lack of memory this way.
        }
    }

    public unsafe void Take(int row, ReadOnlySpan<byte> pixels)
    {
        BitmapData data = _bitmap!.LockBits(new(0, row, _bitmap.Width, 1), ImageLockMode.WriteOnly, PixelFormat.Format32bppArgb);
        pixels.CopyTo(new Span<byte>((void*)data.Scan0, _bitmap.Width * Bytes));
        _bitmap.UnlockBits(data);
    }

    /// <summary>The file is written atomically: a stopped copy leaves no file, and a failed one leaves the old file.</summary>
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
    /// Puts the copy on the clipboard, as PNG with transparency and as a plain bitmap without it for other programs.
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
