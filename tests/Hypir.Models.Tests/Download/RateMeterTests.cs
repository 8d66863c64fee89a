using Hypir.Models.Download;

namespace Hypir.Models.Tests.Download;

[TestClass]
public sealed class RateMeterTests
{
    [TestMethod]
    public void TheRateIsThatOfTheLastSeconds()
    {
        var clock = new Clock();
        var meter = new RateMeter(clock);
        Assert.AreEqual(0, meter.BytesPerSecond);
        for (int i = 0; i < 100; i++)
        {
            meter.Add(i < 50 ? 1000 : 300);
            clock.Now += TimeSpan.FromSeconds(1).Ticks;
        }

        Assert.AreEqual(300, meter.BytesPerSecond, 60);
        // Nothing comes: the rate falls.
        clock.Now += TimeSpan.FromSeconds(100).Ticks;
        Assert.IsTrue(meter.BytesPerSecond < 20);
    }

    [TestMethod]
    public void TimeLeftFollowsFromTheRate() =>
        Assert.AreEqual(TimeSpan.FromSeconds(9), new DownloadProgress("f", DownloadStage.Receiving, 100, 1000, 100, null).Remaining);

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
