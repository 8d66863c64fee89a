using Hypir.Training.Data.Crops;
using Hypir.Training.Degradation;
using Hypir.Training.Photos;

namespace Hypir.TrainTool.Tests.Photos;

/// <summary>Scratches, hairs, dust and folds.</summary>
[TestClass]
public sealed class PhotoMarksTests
{
    private const int Size = 48, Margin = PhotoDamage.Margin;

    private static readonly int Side = PhotoDamage.Window(Size);

    private static readonly PhotoPlan Plain = new() { Crop = new(0, 0, Size, 1, [(0, 0)], 0), Shift = (3, 5) };

    /// <summary>An upright line through the middle of column 40: its own column is hidden, those 2 pixels away are not.</summary>
    [TestMethod]
    public void A_line_hides_its_width()
    {
        var line = new PhotoMark((40, 0), (40, 50), (40, 100), 2, 255, 0.5, 0, 0);
        var (damaged, clean) = PhotoDamage.Apply(Plain with { Marks = [line] }, Gray());
        float[] coverage = PhotoMarks.Coverage(Plain with { Marks = [line] });
        int column = 40 - Margin - 3;
        for (int row = 0; row < Size; row++)
        {
            Assert.AreEqual(100 + 0.5 * 155, damaged.Pixels[3 * (row * Size + column)], 1);
            Assert.AreEqual(100 + 0.25 * 155, damaged.Pixels[3 * (row * Size + column + 1)], 1, "Its edge is soft over a pixel.");
            foreach (int beside in (int[])[-3, -2, 2, 3])
                Assert.AreEqual(100, damaged.Pixels[3 * (row * Size + column + beside)]);
            Assert.AreEqual(0.5, coverage[row * Size + column], 1e-6);
            Assert.AreEqual(0, coverage[row * Size + column + 2]);
        }
        Assert.IsTrue(clean.Pixels.All(value => value == 100), "The target has no mark.");
    }

    [TestMethod]
    public void Where_nothing_is_covered_nothing_changes()
    {
        int covered = 0;
        foreach (int seed in Enumerable.Range(1, 30))
        {
            PhotoPlan plan = Plain with { Marks = PhotoMarks.Draw(new SeededRandom(seed, 0), Side) };
            Assert.IsInRange(1, 4, plan.Marks.Count);
            byte[] damaged = PhotoDamage.Apply(plan, Gray()).Damaged.Pixels;
            float[] coverage = PhotoMarks.Coverage(plan);
            for (int i = 0; i < coverage.Length; i++)
            {
                Assert.IsInRange(0, 1, coverage[i]);
                if (coverage[i] == 0)
                    Assert.AreEqual(100, damaged[3 * i]);
            }
            covered += coverage.Count(value => value > 0);
        }
        // A few percent of the pixels are hidden: enough to learn from, little enough that the image stays what it is.
        Assert.IsInRange(0.01, 0.25, covered / (30.0 * Size * Size));
    }

    [TestMethod]
    public void Marks_have_a_kind_of_their_own()
    {
        Assert.AreEqual("marks", (Plain with { Marks = PhotoMarks.Draw(new SeededRandom(1, 0), Side) }).Kind);
        Assert.AreEqual("undamaged", Plain.Kind);
    }

    private static RgbImage Gray() => new(Side, Side, [.. Enumerable.Repeat((byte)100, Side * Side * 3)]);
}
