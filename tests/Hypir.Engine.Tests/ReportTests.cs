using System.Net;
using System.Text.RegularExpressions;
using Hypir.Imaging;
using Hypir.Imaging.Formats;

namespace Hypir.Engine.Tests;

/// <summary>The page that shows a run's images.</summary>
[TestClass]
public sealed partial class ReportTests : EngineTest
{
    [TestMethod]
    public void It_has_every_image_and_every_error_and_needs_nothing_else()
    {
        MakeImage("in/a<b>&c.png".Replace("<b>", OperatingSystem.IsWindows() ? "" : "<b>", StringComparison.Ordinal), 60, 40);
        MakeImage("in/sub/wide.jpg", 1500, 30);
        MakeImage("in/cut-out.png", 40, 60, alpha: true);
        MakeImage("in/done.png", 30, 30);
        MakeImage("out/done.png", 30, 30);
        File.WriteAllText(In("in/bad.png"), "<script>");
        Hypir("restore", "in", "-o", "out", "-r", "--upscale", "2", "--report", "pages/report.html").MustEnd(ExitCode.SomeFailed);
        string page = File.ReadAllText(In("pages/report.html"));
        string[] names =
        [
            .. Titles().Matches(page).Select(match => WebUtility.HtmlDecode(match.Groups[2].Value) + " " + match.Groups[1].Value),
        ];
        var expected = Directory
            .GetFiles(In("in"), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(In("in"), file))
            .Select(name =>
                name
                + (
                    name == "bad.png" ? " failed"
                    : name == "done.png" ? " kept"
                    : " restored"
                )
            );
        CollectionAssert.AreEquivalent(expected.ToArray(), names);
        StringAssert.Contains(page, "3 restored, 1 kept, 1 failed");
        StringAssert.Contains(WebUtility.HtmlDecode(page), "not a supported image");
        Assert.DoesNotContain("http:", page);
        Assert.DoesNotContain("https:", page);

        var previews = Previews()
            .Matches(page)
            .Select(match => (Kind: match.Groups[1].Value, Size: SizeOf(match.Groups[2].Value)))
            .ToArray();
        Assert.HasCount(2 * 4, previews);
        Assert.AreEqual(1024, previews.Max(preview => Math.Max(preview.Size.Width, preview.Size.Height)), "Large ones are made smaller.");
        Assert.Contains(("before", (40, 60)), previews);
        Assert.Contains(("after", (80, 120)), previews);
        Assert.DoesNotContain(".tmp", string.Join(' ', Files()));
    }

    [TestMethod]
    public void It_replaces_an_earlier_one_and_is_there_when_the_run_ends_early()
    {
        MakeImage("in/a.png", 30, 30);
        MakeImage("in/b.png", 30, 30);
        File.WriteAllText(In("r.html"), "old");
        Hypir("restore", "in", "-o", "out", "--report", "r.html", "--model", "nowhere").MustEnd(ExitCode.BadFile);
        Assert.AreEqual("old", File.ReadAllText(In("r.html")), "Nothing was begun.");
        Hypir("restore", "in", "-o", "out", "--report", "r.html").MustEnd(ExitCode.Success);
        Assert.HasCount(2, Titles().Matches(File.ReadAllText(In("r.html"))));
        StringAssert.Contains(
            Hypir("restore", "in", "-o", "new", "--report", "r.html/r.html").MustEnd(ExitCode.CannotWrite).Error, "r.html");
        Assert.IsFalse(Directory.Exists(In("new")), "It is known before any work.");
    }

    private (int Width, int Height) SizeOf(string base64)
    {
        File.WriteAllBytes(In("preview.jpg"), Convert.FromBase64String(base64));
        var info = ImageFile.Inspect(In("preview.jpg"));
        Assert.AreEqual(ImageFormat.Jpeg, info.Format);
        return (info.Width, info.Height);
    }

    [GeneratedRegex("<article class=\"(\\w+)\"><h2>(.*?)<span")]
    private static partial Regex Titles();

    [GeneratedRegex("<img class=\"(\\w+)\"[^>]*src=\"data:image/jpeg;base64,([^\"]+)\"")]
    private static partial Regex Previews();
}
