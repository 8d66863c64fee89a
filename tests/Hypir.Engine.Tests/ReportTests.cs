using System.Net;
using System.Text.RegularExpressions;
using Hypir.Engine.Reporting;
using Hypir.Engine.Restoring;
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
        string told = Hypir("restore", "in", "-o", "out", "-r", "--upscale", "2", "--report", "pages/report.html")
            .MustEnd(ExitCode.SomeFailed).Output;
        StringAssert.Contains(told, "Report: pages/report.html");
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
        Assert.HasCount(2 * 5, previews, "The large one has a second pair, pixel by pixel.");
        Assert.Contains(("before", (320, 30)), previews);
        Assert.Contains(("after", (640, 60)), previews);
        StringAssert.Matches(page, new(@"<dt>Date</dt><dd>20\d\d-\d\d-\d\d \d\d:\d\d"));
        StringAssert.Contains(page, "<dt>Version</dt><dd>Hypir 0.");
        StringAssert.Matches(page, new(@"60×40 to 120×80 · .* on cpu in float32"));
        StringAssert.Contains(page, "href=\"../in/sub/wide.jpg\"");
        StringAssert.Contains(page, "href=\"../out/sub/wide.jpg\"");
        Assert.AreEqual("bad.png failed", names[0], "Failures come first.");
        CollectionAssert.AreEqual(names[1..].Order(StringComparer.OrdinalIgnoreCase).ToArray(), names[1..]);
        Assert.AreEqual(
            1024, previews.Max(preview => Math.Max(preview.Size.Width, preview.Size.Height)), "Large ones are made smaller.");
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

    [TestMethod]
    public void A_resumed_run_adds_to_it()
    {
        var job = new RestoreCommandOptions { Inputs = [], Model = "nano", Options = new(), Report = In("r.html"), Resume = true };
        ImageJob One(string name) => new(In(name), In("out/" + name), name);
        Run(report =>
        {
            report.Done(One("b.png"), new(Kept: false, 3, 3, TimeSpan.FromSeconds(1), ["A note."]));
            report.Failed(One("a.png"), new UsageException("It is <broken>."));
            report.Failed(One("c.png"), new UsageException("It is lost."));
        });
        Run(report =>
        {
            report.Done(One("a.png"), new(Kept: false, 3, 3, TimeSpan.FromSeconds(1), []));
            report.Done(One("b.png"), Outcome.Keep(silent: true));
            report.Failed(One("c.png"), new UsageException("It is lost again."));
        });
        string page = File.ReadAllText(In("r.html"));
        Assert.AreEqual(
            "c.png failed, a.png restored, b.png restored",
            string.Join(", ", Titles().Matches(page).Select(match => $"{match.Groups[2].Value} {match.Groups[1].Value}")));
        StringAssert.Contains(page, "A note.");
        StringAssert.Contains(page, "It is lost again.");
        Assert.DoesNotContain("broken", page);
        StringAssert.Contains(page, "1 restored, 1 kept, 1 failed");
        StringAssert.Contains(page, "All runs of this page: 2 done, 1 failed");

        void Run(Action<HtmlReport> work)
        {
            using var report = new HtmlReport(new QuietReporter(), job);
            report.Started(3);
            work(report);
            report.Finished(new(1, 1, 1, TimeSpan.FromSeconds(1), Several: true));
        }
    }

    [TestMethod]
    public void Many_images_have_their_previews_in_files()
    {
        var preview = Preview.Of(new RasterImage(2, 2, 8, new byte[12]), 2);
        var job = new RestoreCommandOptions { Inputs = [], Model = "nano", Options = new(), Report = In("all scans.html") };
        using var report = new HtmlReport(new QuietReporter(), job);
        report.Started(ReportPage.MostEmbedded + 1);
        foreach (string name in (string[])["a.png", "A.png"])
            report.Done(
                new(In(name), In("out/" + name), name), new(Kept: false, 2, 2, TimeSpan.Zero, []) { Before = preview, After = preview });
        report.Finished(new(2, 0, 0, TimeSpan.FromSeconds(1), Several: true));
        string page = File.ReadAllText(In("all scans.html"));
        Assert.DoesNotContain("data:image", page);
        string[] sources = [.. Sources().Matches(page).Select(match => Uri.UnescapeDataString(match.Groups[1].Value))];
        Assert.HasCount(4, sources.Distinct().ToArray());
        foreach (string source in sources)
            CollectionAssert.AreEqual(preview.Jpeg, File.ReadAllBytes(In(source)), source);
    }

    private (int Width, int Height) SizeOf(string base64)
    {
        File.WriteAllBytes(In("preview.jpg"), Convert.FromBase64String(base64));
        var info = ImageFile.Inspect(In("preview.jpg"));
        Assert.AreEqual(ImageFormat.Jpeg, info.Format);
        return (info.Width, info.Height);
    }

    [GeneratedRegex("<img [^>]*src=\"([^\"]+)\"")]
    private static partial Regex Sources();

    [GeneratedRegex("<article class=\"(\\w+)\"><h2>(.*?)<span")]
    private static partial Regex Titles();

    [GeneratedRegex("<img class=\"(\\w+)\"[^>]*src=\"data:image/jpeg;base64,([^\"]+)\"")]
    private static partial Regex Previews();
}
