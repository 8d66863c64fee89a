namespace Hypir.Imaging.Damage;

/// <summary>What kinds of damage an image has, estimated from at most a megapixel of it (docs/damage.md).</summary>
/// <param name="Noise">Standard deviation of noise in the luma, where white is 255 above black, before the last compression.</param>
/// <param name="Blur">Sigma of a Gaussian blur in pixels, beyond the blur of sharp photos, 0 to 3.</param>
/// <param name="Quality">Quality of the last JPEG compression on libjpeg's scale; null if none shows.</param>
public sealed record DamageEstimate(double Noise, double Blur, int? Quality)
{
    /// <summary>The limits of weak and strong noise, of weak and strong blur, and of light and strong compression.</summary>
    private const double SomeNoise = 2.5, StrongNoise = 10, SomeBlur = 0.45, StrongBlur = 1.1;

    private const int LightQuality = 85, StrongQuality = 50;

    /// <summary>The limits of <see cref="IsSevere"/>: of blur alone, and of each kind where all come together.</summary>
    private const double SevereBlur = 1.6, MixedBlur = 0.75, MixedNoise = 0.5;

    private const int MixedQuality = 70;

    /// <summary>Estimates the damage of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="jpegQuality">The quality of the JPEG file that it comes from, if that is known and not in its metadata.</param>
    public static DamageEstimate Of(RasterImage image, int? jpegQuality = null)
    {
        IReadOnlyList<LumaWindow> windows = LumaWindow.Of(image);
        var blocks = LumaBlocks.Of(windows);
        // A file's own tables say it exactly.
        int? quality = image.Metadata.Jpeg?.Quality ?? jpegQuality ?? CompressionEstimator.QualityOf(blocks);
        double noise = NoiseEstimator.Of(windows);
        if (quality is { } known)
            noise = Math.Max(noise, Math.Min(NoiseEstimator.BeforeCompression(blocks, known), CompressedNoise.Most(noise, known)));
        return new(noise, BlurEstimator.Of(windows, noise), quality);
    }

    /// <summary>
    /// Whether so little is left that a network that makes up detail comes closer to the truth than one that invents nothing: after a very
    /// strong blur, and where blur, noise and compression come together (docs/damage.md has the figures).
    /// </summary>
    public bool IsSevere => Blur > SevereBlur || (Blur > MixedBlur && Noise >= MixedNoise && Quality <= MixedQuality);

    /// <summary>In words: "strong noise, light compression"; "no damage" if nothing shows.</summary>
    public string Words => string.Join(", ", Kinds);

    /// <summary>What shows, the strongest first: "strong noise", "light compression"; "no damage" alone if nothing does.</summary>
    public IReadOnlyList<string> Kinds
    {
        get
        {
            (double Weight, string Text)[] all =
            [
                (Noise / SomeNoise, Noise < SomeNoise ? "" : Noise < StrongNoise ? "some noise" : "strong noise"),
                (Blur / SomeBlur, Blur < SomeBlur ? "" : Blur < StrongBlur ? "some blur" : "strong blur"),
                ((100 - (Quality ?? 100)) / 15.0, Quality switch
                {
                    null or > 92 => "",
                    > LightQuality => "light compression",
                    > StrongQuality => "compression",
                    _ => "strong compression",
                }),
            ];
            string[] seen = [.. all.Where(one => one.Text.Length > 0).OrderByDescending(one => one.Weight).Select(one => one.Text)];
            return seen.Length == 0 ? ["no damage"] : seen;
        }
    }
}
