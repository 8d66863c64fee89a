using System.Drawing;

namespace Hypir.PdnEffect;

/// <summary>The pictures on buttons and in the menu, for one of the scalings that there are pictures for: 16 pixels at 96 dpi, 64 at 384.</summary>
internal sealed class Icons(int dpi) : IDisposable
{
    private static readonly int[] Sizes = [16, 20, 24, 32, 64];

    private readonly List<Image> _given = [];

    /// <summary>A picture; it is disposed of with this object.</summary>
    public Image Get(string name)
    {
        Image image = Load(name, dpi);
        _given.Add(image);
        return image;
    }

    /// <summary>A picture of its own, in the size that is nearest to the scaling's and not smaller where there is one.</summary>
    public static Image Load(string name, int dpi)
    {
        int wanted = 16 * dpi / 96;
        int size = Sizes.FirstOrDefault(size => size >= wanted, Sizes[^1]);
        using Stream stream = typeof(Icons).Assembly.GetManifestResourceStream($"{name}.{size}.png")!;
        using var image = Image.FromStream(stream);
        return new Bitmap(image); // An image holds on to its stream.
    }

    public void Dispose()
    {
        foreach (Image image in _given)
            image.Dispose();
    }
}
