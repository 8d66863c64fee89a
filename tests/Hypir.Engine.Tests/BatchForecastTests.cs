using Hypir.Engine.Reporting;
using Hypir.Engine.Restoring;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Tests;

/// <summary>The progress and the time left of a whole run.</summary>
[TestClass]
public sealed class BatchForecastTests
{
    private double _seconds;

    [TestMethod]
    public void Time_left_counts_the_images_to_come()
    {
        var run = Run(3);
        run.Expect(0, 100);
        run.Expect(1, 300);
        run.Expect(2, 100);
        run.Begin(0, 100);
        Assert.AreEqual(new(1, 3, 0, null), run.Of(Step(RestoreStage.Loading, 0, null)), "Nothing is known yet.");
        // Loading took a minute, which says nothing about the rest.
        _seconds = 60;
        AssertIs(0, 50, run.Of(Step(RestoreStage.Encoding, 0, 10)));
        _seconds = 65;
        AssertIs(0.1, 45, run.Of(Step(RestoreStage.Encoding, 0.5, 5)));
        _seconds = 70;
        run.End(0);
        run.Begin(1, 300);
        _seconds = 100;
        AssertIs(0.2, 40, run.Of(Step(RestoreStage.Encoding, 0, 30)));
    }

    [TestMethod]
    public void Unknown_images_count_like_the_known_ones_and_kept_ones_not_at_all()
    {
        var run = Run(4);
        run.Begin(0, 100);
        AssertIs(0, 40, run.Of(Step(RestoreStage.Encoding, 0, 10)));
        run.Expect(1, 0);
        AssertIs(0, 30, run.Of(Step(RestoreStage.Encoding, 0, 10)));
        _seconds = 10;
        run.End(0);
        // It fails before anything is computed.
        run.End(1);
        run.End(2);
        run.Begin(3, 100);
        AssertIs(0.5, 10, run.Of(Step(RestoreStage.Encoding, 0, 10)));
        AssertIs(1, 0, run.Of(Step(RestoreStage.Finishing, 1, 0)));
    }

    [TestMethod]
    public void It_is_shown_in_words()
    {
        var progress = new RestoreProgress(RestoreStage.Decoding, 2, 9, 0.5, TimeSpan.FromSeconds(3));
        var batch = new BatchProgress(3, 12, 0.2, TimeSpan.FromSeconds(40));
        Assert.AreEqual("image 3 of 12, about 40 s left", Words.Activity(progress, batch));
        Assert.AreEqual("image 3 of 12, in/a.png: decoding, tile 3 of 9 (20 %, about 40 s left)", Words.Of("in/a.png", progress, batch));
        var waiting = new RestoreProgress(RestoreStage.Waiting, 0, 0, 0, null);
        Assert.AreEqual("waiting for the engine, which is busy", Words.Activity(waiting, batch), "Nothing is computed.");
        Assert.AreEqual("image 3 of 12, in/a.png: waiting for the engine, which is busy", Words.Of("in/a.png", waiting, batch));
        batch = new(1, 1, 0.5, TimeSpan.FromSeconds(3));
        Assert.AreEqual("decoding, tile 3 of 9, about 3.0 s left", Words.Activity(progress, batch));
        Assert.AreEqual("a.png: decoding, tile 3 of 9 (50 %)", Words.Of("a.png", progress, batch with { Remaining = null }));
    }

    private BatchForecast Run(int count) => new(count, () => TimeSpan.FromSeconds(_seconds));

    private static RestoreProgress Step(RestoreStage stage, double fraction, double? remaining) =>
        new(stage, 0, 1, fraction, remaining is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    private static void AssertIs(double fraction, double remaining, BatchProgress batch)
    {
        Assert.AreEqual(fraction, batch.Fraction, 1e-9);
        Assert.AreEqual(remaining, batch.Remaining!.Value.TotalSeconds, 1e-6);
    }
}
