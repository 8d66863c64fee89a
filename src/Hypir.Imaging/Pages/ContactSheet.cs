using System.Runtime.InteropServices;
using Hypir.Imaging.Vips;
using NetVips;

namespace Hypir.Imaging.Pages;

/// <summary>Images side by side, each below its label.</summary>
public static class ContactSheet
{
    private const int Gap = 12, LeastWidth = 140;
    private const byte Background = 32, Ink = 235;

    static ContactSheet() => VipsLibrary.Prepare();

    /// <summary>Makes a sheet of 8-bit colors; transparency is shown on white.</summary>
    /// <param name="cells">Label and image of each cell, row after row.</param>
    /// <param name="columns">Cells in a row.</param>
    /// <returns>The sheet, and whether it has labels: they need a font of the system.</returns>
    public static (RasterImage Sheet, bool Labeled) Of(IReadOnlyList<(string Label, RasterImage Image)> cells, int columns)
    {
        ArgumentNullException.ThrowIfNull(cells);
        int width = Math.Max(LeastWidth, cells.Max(cell => cell.Image.Width)), height = cells.Max(cell => cell.Image.Height);
        Text?[] labels = [.. cells.Select(cell => Text.Of(cell.Label, width))];
        int above = labels.Max(label => label?.Height ?? 0) + Gap / 2, rows = (cells.Count + columns - 1) / columns;
        int wide = Gap + columns * (width + Gap), high = Gap + rows * (above + height + Gap);
        var sheet = new byte[checked(3 * wide * high)];
        sheet.AsSpan().Fill(Background);
        for (int i = 0; i < cells.Count; i++)
        {
            int x = Gap + i % columns * (width + Gap), y = Gap + i / columns * (above + height + Gap);
            labels[i]?.Draw(sheet, wide, x, y);
            Draw(cells[i].Image, sheet, wide, x, y + above);
        }

        return (new(wide, high, 8, sheet), labels.All(label => label is not null));
    }

    private static void Draw(RasterImage image, byte[] sheet, int wide, int left, int top)
    {
        bool deep = image.BitsPerSample == 16;
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                int from = y * image.Width + x, to = 3 * ((top + y) * wide + left + x);
                int alpha = image.Alpha is { } plane ? Sample(plane, from, deep) : 255;
                for (int channel = 0; channel < 3; channel++)
                    sheet[to + channel] = (byte)((Sample(image.Rgb, 3 * from + channel, deep) * alpha + 255 * (255 - alpha) + 127) / 255);
            }
        }
    }

    private static int Sample(byte[] samples, int at, bool deep) =>
        deep ? (MemoryMarshal.Cast<byte, ushort>(samples.AsSpan())[at] * 255 + 32767) / 65535 : samples[at];

    /// <summary>A rendered label.</summary>
    private sealed record Text(int Width, int Height, byte[] Shares)
    {
        /// <summary>Renders a label, in lines where it is wider than its cell; null if the system has no font.</summary>
        public static Text? Of(string label, int width)
        {
            // Pango reads markup.
            string escaped = label.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
            try
            {
                return VipsGuard.Run(() =>
                {
                    using Image text = Image.Text(escaped, font: "sans 11", width: width, dpi: 96);
                    using Image gray = text.ExtractBand(0);
                    return new Text(gray.Width, gray.Height, gray.WriteToMemory<byte>());
                });
            }
            catch (VipsException)
            {
                return null;
            }
        }

        public void Draw(byte[] sheet, int wide, int left, int top)
        {
            for (int i = 0; i < Shares.Length; i++)
            {
                int x = left + i % Width, to = 3 * ((top + i / Width) * wide + x);
                if (x < wide)
                    sheet.AsSpan(to, 3).Fill((byte)((Shares[i] * Ink + (255 - Shares[i]) * Background + 127) / 255));
            }
        }
    }
}
