using Hypir.Training.Data.Crops;
using Hypir.Training.Degradation;

namespace Hypir.Training.Photos;

/// <summary>
/// Images of "dead leaves": shapes that hide each other, whose sizes follow a power law (Lee, Mumford, Huang, "Occlusion models for natural
/// images", 2001), with textures whose spectrum falls like a photo's. They have sharp edges of all directions and contrasts, are free of
/// compression, and belong to nobody.
/// </summary>
public static class DeadLeaves
{
    /// <summary>Side of the images; their edges are smooth after a reduction by 1.5 or more.</summary>
    public const int Side = 768;

    private const int TextureSide = 256, Octaves = 6, Textures = 4, MostShapes = 6000;
    private const double SmallestRadius = 5, LargestRadius = 260;

    // Shapes are painted from the front to the back until this share is covered; the rest is background.
    private const double Covered = 0.995;

    /// <summary>Makes an image.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="number">The image's number.</param>
    /// <param name="patterns">The share of shapes with a <see cref="LeafPattern"/>.</param>
    public static RgbImage Make(long seed, long number, double patterns = 0)
    {
        // Samples use the streams from 0 of the seed, so these use another seed.
        var random = new SeededRandom(seed ^ 0x1EAF, number);
        float[][] textures = [.. Enumerable.Range(0, Textures).Select(_ => Texture(random))];
        var pixels = new byte[Side * Side * 3];
        var painted = new bool[Side * Side];
        int left = Side * Side;
        for (int i = 0; i < MostShapes && left > (1 - Covered) * Side * Side; i++)
            left -= Paint(Leaf.Draw(random, patterns), random.Pick(textures), pixels, painted);
        Leaf background = Leaf.Draw(random, patterns) with { X = Side / 2, Y = Side / 2, Radius = 2 * Side, Flat = 1, Box = true };
        Paint(background, textures[0], pixels, painted);
        return new(Side, Side, pixels);
    }

    private static int Paint(Leaf leaf, float[] texture, byte[] pixels, bool[] painted)
    {
        int reach = (int)Math.Ceiling(leaf.Radius * 1.5), count = 0;
        int top = Math.Max(0, (int)leaf.Y - reach), bottom = Math.Min(Side - 1, (int)leaf.Y + reach);
        int first = Math.Max(0, (int)leaf.X - reach), last = Math.Min(Side - 1, (int)leaf.X + reach);
        (double sine, double cosine) = Math.SinCos(leaf.Angle);
        for (int y = top; y <= bottom; y++)
        {
            for (int x = first; x <= last; x++)
            {
                if (painted[y * Side + x])
                    continue;
                double u = ((x - leaf.X) * cosine + (y - leaf.Y) * sine) / leaf.Radius;
                double v = ((y - leaf.Y) * cosine - (x - leaf.X) * sine) / (leaf.Radius * leaf.Flat);
                if (leaf.Box ? Math.Max(Math.Abs(u), Math.Abs(v)) > 1 : u * u + v * v > 1)
                    continue;
                painted[y * Side + x] = true;
                count++;
                double shade = leaf.Grain * texture[(y & (TextureSide - 1)) * TextureSide + (x & (TextureSide - 1))] + leaf.Slope * u
                    + (leaf.Pattern?.At(x, y) ?? 0);
                for (int c = 0; c < 3; c++)
                    pixels[(y * Side + x) * 3 + c] = (byte)Math.Clamp(255 * (leaf.Color[c] + shade) + 0.5, 0, 255);
            }
        }
        return count;
    }

    /// <summary>Random lattices of falling amplitude, added: a spectrum of about 1/f, mean 0, standard deviation about 1.</summary>
    private static float[] Texture(SeededRandom random)
    {
        var texture = new float[TextureSide * TextureSide];
        for (int octave = 0; octave < Octaves; octave++)
        {
            int cells = 8 << octave, step = TextureSide / cells;
            float[] lattice = [.. Enumerable.Range(0, cells * cells).Select(_ => (float)random.Uniform(-1, 1))];
            for (int y = 0; y < TextureSide; y++)
            {
                for (int x = 0; x < TextureSide; x++)
                {
                    (int row, int column) = (y / step, x / step);
                    float v = (float)(y % step) / step, u = (float)(x % step) / step;
                    float above = At(row, column) * (1 - u) + At(row, column + 1) * u;
                    float below = At(row + 1, column) * (1 - u) + At(row + 1, column + 1) * u;
                    texture[y * TextureSide + x] += (above * (1 - v) + below * v) * MathF.Pow(0.75f, octave);
                }
            }

            float At(int row, int column) => lattice[row % cells * cells + column % cells];
        }
        return texture;
    }

    private sealed record Leaf(
        double X, double Y, double Radius, double Flat, double Angle, bool Box, double[] Color, double Grain, double Slope,
        LeafPattern? Pattern)
    {
        public static Leaf Draw(SeededRandom random, double patterns)
        {
            // Radii whose density falls with the third power: the world looks the same at all scales.
            double near = 1 / (SmallestRadius * SmallestRadius), far = 1 / (LargestRadius * LargestRadius);
            double radius = 1 / Math.Sqrt(random.Uniform(far, near));
            double x = random.Uniform(0, Side), y = random.Uniform(0, Side), flat = random.Uniform(0.15, 1);
            double angle = random.Uniform(0, Math.PI), luma = random.Uniform(0.03, 0.97), chroma = 0.25 * random.Unit() * random.Unit();
            double[] color = [.. Enumerable.Range(0, 3).Select(_ => luma + chroma * random.Uniform(-1, 1))];
            double grain = random.Chance(0.25) ? 0 : 0.12 * random.Unit() * random.Unit();
            (bool box, double slope) = (random.Chance(0.3), random.Uniform(-0.15, 0.15));
            // Nothing is drawn where none is wanted, so that older runs can be repeated.
            LeafPattern? pattern = patterns > 0 && random.Chance(patterns) ? LeafPattern.Draw(random) : null;
            return new(x, y, radius, flat, angle, box, color, grain, slope, pattern);
        }
    }
}
