using Spectre.Console;

namespace Hypir.CommandLine.Tests;

/// <summary>What a line of progress shows, in any room.</summary>
[TestClass]
public sealed class ProgressLineTests
{
    private static readonly string[] Labels =
    [
        "", "a.png", "photograph-of-the-whole-family-in-the-old-garden-behind-the-house-1954-scan-7.png",
        "祖父母在花园里的照片祖父母在花园里的照片祖父母在花园里的照片.png", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦.jpg", "a\nb\u001B[2Jc.png",
    ];

    [TestMethod]
    public void It_fits_and_always_has_its_bar_and_percentage()
    {
        foreach (string label in Labels)
        {
            foreach (string activity in (string[])["", "encoding", "restoring, tile 13 of 2049, 1 h 38 min left, and then some more of it"])
            {
                for (int columns = 15; columns <= 250; columns++)
                {
                    var line = ProgressLine.Of(new(label, 0.421, activity), columns, unicode: true);
                    string all = line.Label + line.Done + line.Rest + line.Activity;
                    Assert.IsLessThan(columns, all.GetCellWidth(), $"{columns}: {all}");
                    Assert.IsGreaterThanOrEqualTo(8, line.Done.Length + line.Rest.Length, all);
                    StringAssert.Contains(all, " 42%");
                    Assert.IsFalse(all.Any(char.IsControl), all);
                }
            }
        }
    }

    [TestMethod]
    [DataRow(80), DataRow(40)]
    public void A_long_name_is_shortened_in_its_middle(int columns)
    {
        var line = ProgressLine.Of(new(Labels[2], 0.5, "restoring, tile 3 of 9, 38 s left"), columns, unicode: true);
        StringAssert.StartsWith(line.Label, "phot");
        StringAssert.EndsWith(line.Label, columns == 80 ? "scan-7.png " : "png ");
        StringAssert.Contains(line.Label, "…");
        StringAssert.Contains(line.Activity, "restor");
    }

    [TestMethod]
    public void What_fits_is_whole()
    {
        var line = ProgressLine.Of(new("12/40 a.png", 1, "finishing"), 80, unicode: false);
        Assert.AreEqual(("12/40 a.png ", "", " 100%  finishing"), (line.Label, line.Rest, line.Activity));
        Assert.AreEqual(new string('#', 19), line.Done);
    }

    [TestMethod]
    [DataRow(double.NaN, "   0%"), DataRow(-1.0, "   0%"), DataRow(0.999, "  99%"), DataRow(2.0, " 100%"),
        DataRow(double.PositiveInfinity, "   0%")]
    public void Any_fraction_is_shown(double fraction, string told) =>
        StringAssert.StartsWith(ProgressLine.Of(new("a", fraction, ""), 80, true).Activity, told);
}
