using System.Drawing;
using System.Drawing.Imaging;
using Hypir.PdnEffect.ViewModel;

namespace Hypir.PdnEffect;

/// <summary>A copy of the result as a bitmap, which goes to a file when it is complete, or is taken for the clipboard.</summary>
/// <param name="path">The PNG file, or null.</param>
internal sealed class BitmapCopy(string? path) : ICopyTarget, IDisposable
{
    private const int Bytes = 4;

    /// <summary>The bitmap; null until rows come.</summary>
    public Bitmap? Bitmap { get; private set; }

    public void Begin(int width, int height)
    {
        try
        {
            Bitmap = new Bitmap(width, height, PixelFormat.Format32bppArgb);
        }
        catch (ArgumentException)
        {
            throw new InsufficientMemoryException(); // So the library says that there is no memory for it.
        }
    }

    public unsafe void Take(int row, ReadOnlySpan<byte> pixels)
    {
        BitmapData data = Bitmap!.LockBits(new(0, row, Bitmap.Width, 1), ImageLockMode.WriteOnly, PixelFormat.Format32bppArgb);
        pixels.CopyTo(new Span<byte>((void*)data.Scan0, Bitmap.Width * Bytes));
        Bitmap.UnlockBits(data);
    }

    /// <summary>The file appears in one step: a copy that is stopped leaves none, and one that fails leaves the old one.</summary>
    public void End()
    {
        if (path is null)
            return;
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            Bitmap!.Save(temporary, ImageFormat.Png);
            File.Move(temporary, path, overwrite: true);
        }
        catch (System.Runtime.InteropServices.ExternalException failure)
        {
            throw new IOException(failure.Message, failure);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public void Dispose() => Bitmap?.Dispose();
}
