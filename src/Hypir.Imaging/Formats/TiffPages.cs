using System.Globalization;
using Hypir.Imaging.Metadata;

namespace Hypir.Imaging.Formats;

/// <summary>The pages of a TIFF file, as far as needed to find the one that is read.</summary>
internal static class TiffPages
{
    // More pages than this are not looked at: a photograph with its smaller copies has some ten.
    private const int MostPages = 100, MostSubpages = 16;
    private const ushort SubpagesTag = 330, MakeTag = 271, DngVersionTag = 50706;

    // Compression schemes of Nikon, Sony, Panasonic, Samsung, Kodak, Pentax, and of lossy DNG.
    private static readonly HashSet<long> RawCompressions = [34713, 32767, 34316, 34826, 34828, 32770, 65000, 65535, 34892];

    /// <summary>Finds the first page that is neither a smaller copy of another one nor a mask.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The page's number, counted from 0, where its directory lies, and its layout.</returns>
    /// <exception cref="ImageException">The file is a camera raw file, or has no page.</exception>
    internal static (int Number, long At, TiffLayout Layout) Find(string path)
    {
        using var file = File.OpenRead(path);
        if (IfdReader.Open(file) is not { } reader)
            throw new ImageException(path, "The file is damaged or incomplete: it ends within its header.", "Get it again from its source.");
        var pages = Chain(reader, reader.First, MostPages).Select((at, number) => (Number: number, At: at, Layout: TiffLayout.Read(reader, at))).ToList();
        if (pages.Count == 0)
            throw new ImageException(path, "The file is damaged or incomplete: it has no page.", "Get it again from its source.");
        if (IsCameraRaw(file, reader, pages.ConvertAll(page => page.Layout)))
            throw ImageFormats.CameraRaw(path);
        int chosen = pages.FindIndex(page => page.Layout is { Reduced: false, Mask: false });
        return pages[Math.Max(0, chosen)];
    }

    /// <summary>A sentence if a page other than the first is read, or the file has more than one page; null otherwise.</summary>
    /// <param name="number">The page that is read, counted from 0.</param>
    /// <param name="count">How many there are.</param>
    internal static string? Note(int number, int count) => number > 0
        ? string.Create(CultureInfo.InvariantCulture, $"The file has {count} pages; only page {number + 1} is read. Those before it are smaller copies.")
        : count > 1 ? string.Create(CultureInfo.InvariantCulture, $"The file has {count} pages; only the first is read.") : null;

    private static List<long> Chain(IfdReader reader, long first, int most)
    {
        List<long> found = [];
        // A chain that bites its own tail ends there.
        for (long at = first; at > 0 && found.Count < most && !found.Contains(at) && reader.Read(at, _ => true).Count > 0; at = reader.Next(at))
            found.Add(at);
        return found;
    }

    private static bool IsCameraRaw(FileStream file, IfdReader reader, List<TiffLayout> pages)
    {
        var main = reader.Read(reader.First, tag => tag is SubpagesTag or MakeTag or DngVersionTag);
        if (main.Exists(entry => entry.Tag == DngVersionTag) || HasRawSignature(file))
            return true;
        var subpages = main.Where(entry => entry.Tag == SubpagesTag).SelectMany(entry => entry.Numbers).Take(MostSubpages).ToList();
        if (pages.Concat(subpages.Select(at => TiffLayout.Read(reader, at))).Any(HoldsSensorData))
            return true;
        // Most makers put a preview first and the sensor's data below it.
        return pages[0].Reduced && subpages.Count > 0 && main.Exists(entry => entry.Tag == MakeTag);
    }

    private static bool HoldsSensorData(TiffLayout page) =>
        page.Photometric is TiffLayout.ColorFilterArray or TiffLayout.LinearRaw || RawCompressions.Contains(page.Compression);

    // Canon's CR2 and Phase One's IIQ name themselves behind the header.
    private static bool HasRawSignature(FileStream file)
    {
        Span<byte> head = stackalloc byte[12];
        file.Position = 0;
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            && (head[8..].StartsWith("CR"u8) || head[8..].SequenceEqual("IIII"u8) || head[8..].SequenceEqual("MMMM"u8));
    }
}
