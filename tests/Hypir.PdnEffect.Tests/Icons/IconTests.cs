using Hypir.Testing;
using NetVips;

namespace Hypir.PdnEffect.Tests.Icons;

/// <summary>
/// The icons in the effect are the drawings beside them, in the size of each scaling from 96 to 384 dpi. HYPIR_DRAW_ICONS=1 draws them.
/// </summary>
[TestClass]
public sealed class IconTests
{
    private const double Grid = 16;

    private static readonly int[] Sizes = [16, 20, 24, 32, 64];

    [TestMethod]
    public void They_are_drawn_for_each_scaling()
    {
        // The pipeline, which other tests here use in this process, lets no stranger's drawing be read.
        Operation.Block("VipsForeignLoadSvg", false);
        string[] drawings = Directory.GetFiles(Folder, "*.svg");
        Assert.IsNotEmpty(drawings);
        foreach (string drawing in drawings)
        {
            foreach (int size in Sizes)
            {
                string file = Path.ChangeExtension(drawing, $"{size}.png");
                using Image drawn = Image.SvgloadBuffer(File.ReadAllBytes(drawing), scale: size / Grid);
                if (Environment.GetEnvironmentVariable("HYPIR_DRAW_ICONS") == "1")
                    drawn.Pngsave(file, compression: 9, keep: Enums.ForeignKeep.None);
                using Image kept = Image.NewFromFile(file);
                Assert.AreEqual((size, size, 4), (kept.Width, kept.Height, kept.Bands), file);
                // Another version of the library may round edges otherwise.
                Assert.IsLessThanOrEqualTo(8, (drawn[3] - kept[3]).Abs().Max(), file);
            }
        }
        Assert.HasCount(drawings.Length * Sizes.Length, Directory.GetFiles(Folder, "*.png"));
    }

    private static string Folder => Path.Combine(Repository.Root, "src", "Hypir.PdnEffect", "Icons");
}
