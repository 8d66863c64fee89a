using Hypir.Imaging;
using Hypir.Training.Data.Crops;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Degradation;

namespace Hypir.Training.Photos;

/// <summary>
/// The photos of a run. Each is decoded once and kept, since decoding a large photo takes longer than training on a crop of it.
/// Thread-safe.
/// </summary>
public sealed class PhotoLibrary
{
    // Generated images in use: workers run slightly ahead of each other.
    private const int KeptLeaves = 4;

    // Differences that texture is measured by: at most this many in a row.
    private const int Probes = 48;

    private readonly Lazy<RgbImage>[] _photos;
    private readonly Dictionary<long, Lazy<RgbImage>> _leaves = [];
    private readonly Lock _lock = new();
    private readonly long _seed;
    private readonly double _patterns;

    /// <summary>Reads the sizes of the photos.</summary>
    /// <param name="entries">The photos, at least one.</param>
    /// <param name="seed">The run's seed, for generated images.</param>
    /// <param name="patterns">The share of shapes in generated images with a pattern.</param>
    /// <exception cref="ManifestException">There are no photos.</exception>
    /// <exception cref="ImageException">One cannot be read.</exception>
    public PhotoLibrary(IReadOnlyList<ManifestEntry> entries, long seed, double patterns = 0)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0)
            throw new ManifestException("There are no images to train on.", "Check file_list and image_path_prefix.");
        (_seed, _patterns) = (seed, patterns);
        _photos = [.. entries.Select(entry => new Lazy<RgbImage>(() => RgbImage.Of(ImageFile.Load(entry.Path, null, default))))];
        Sizes = [.. entries.Select(entry => ImageFile.Inspect(entry.Path)).Select(info => (info.Width, info.Height))];
        Names = [.. entries.Select(entry => Path.GetFileName(entry.Path))];
    }

    /// <summary>Widths and heights.</summary>
    public IReadOnlyList<(int Width, int Height)> Sizes { get; }

    /// <summary>File names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Cuts the window of a crop.</summary>
    /// <param name="crop">The crop.</param>
    /// <returns>The crop with its surroundings, <see cref="PhotoDamage.Window"/> pixels wide and high.</returns>
    /// <exception cref="ImageException">The photo cannot be read, or is too small.</exception>
    public RgbImage Cut(PhotoCrop crop)
    {
        ArgumentNullException.ThrowIfNull(crop);
        RgbImage image = crop.Source < 0 ? Leaves(crop.Leaves) : _photos[crop.Source].Value;
        int side = PhotoDamage.Window(crop.Size);
        // Small photos are reduced less where they would not hold the window.
        double reduction = Math.Min(crop.Reduction, (double)Math.Min(image.Width, image.Height) / side);
        int width = (int)Math.Round(image.Width / reduction), height = (int)Math.Round(image.Height / reduction);
        if (reduction < 1)
        {
            string name = crop.Source < 0 ? "a generated image" : Names[crop.Source];
            throw new ImageException(name, $"It is smaller than {side} pixels, which a crop needs.", "Leave it out of the list.");
        }
        (int X, int Y)[] places =
        [
            .. crop.Places.Select(place => (At(place.X, width - side), At(place.Y, height - side))),
        ];
        double[] textures = [.. places.Select(place => Texture(image, place, side, reduction))];
        var (x, y) = places[SeededRandom.IndexAt(textures, crop.Choice * textures.Sum())];
        return ByteResampler.Resize(image, width, height, ResampleFilter.Bicubic, x, y, side, side);
    }

    private static int At(double share, int room) => Math.Min((int)(share * (room + 1)), room);

    /// <summary>The mean difference of green between neighbors of the reduced image, at some places.</summary>
    private static double Texture(RgbImage image, (int X, int Y) place, int side, double reduction)
    {
        int step = Math.Max(1, side / Probes), away = Math.Max(1, (int)Math.Round(reduction));
        long sum = 0, count = 0;
        for (int row = 0; row < side; row += step)
        {
            int y = Math.Min((int)((place.Y + row) * reduction), image.Height - 1 - away);
            for (int column = 0; column < side; column += step)
            {
                int x = Math.Min((int)((place.X + column) * reduction), image.Width - 1 - away), at = (y * image.Width + x) * 3 + 1;
                sum += Math.Abs(image.Pixels[at + 3 * away] - image.Pixels[at])
                    + Math.Abs(image.Pixels[at + 3 * away * image.Width] - image.Pixels[at]);
                count += 2;
            }
        }
        // Flat places keep a small chance, and a flat photo has one.
        return 0.5 + (double)sum / count;
    }

    private RgbImage Leaves(long number)
    {
        Lazy<RgbImage> leaves;
        lock (_lock)
        {
            if (!_leaves.TryGetValue(number, out leaves!))
            {
                if (_leaves.Count == KeptLeaves)
                    _leaves.Remove(_leaves.Keys.Min());
                _leaves.Add(number, leaves = new(() => DeadLeaves.Make(_seed, number, _patterns)));
            }
        }
        return leaves.Value;
    }
}
