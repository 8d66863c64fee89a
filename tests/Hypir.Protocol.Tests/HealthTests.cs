using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;

namespace Hypir.Protocol.Tests;

/// <summary>When an engine counts as hanging: by its heart, by its present block, and by nothing else.</summary>
[TestClass]
public sealed class HealthTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly HandClock _clock = new();
    private readonly EngineEvents _events;

    public HealthTests() => _events = new EngineEvents(_clock);

    [TestMethod]
    public void Silence_is_measured_from_the_last_sign_of_any_kind()
    {
        _clock.Seconds = 15;
        Assert.AreEqual(EngineHealth.Well, _events.Health(Limit));
        _clock.Seconds = 15.1;
        Assert.AreEqual(EngineHealth.Unresponsive, _events.Health(Limit));
        _events.Heartbeat(new(15.1));
        Assert.AreEqual(EngineHealth.Well, _events.Health(Limit));
        _clock.Seconds = 30;
        _events.Progress(new("job", JobState.Encoding));
        _clock.Seconds = 45;
        Assert.AreEqual(EngineHealth.Well, _events.Health(Limit));
    }

    [TestMethod]
    [DataRow(29.9, 3.0, EngineHealth.Well)]
    [DataRow(30.1, 3.0, EngineHealth.SlowBlock)]
    [DataRow(14.9, 0.01, EngineHealth.Well)] // A blink may be delayed by anything.
    [DataRow(15.1, 0.01, EngineHealth.SlowBlock)]
    [DataRow(1000.0, null, EngineHealth.Well)] // The machine's speed is not known yet.
    public void A_block_is_slow_at_over_ten_times_its_plan(double block, double? planned, EngineHealth expected)
    {
        _events.Heartbeat(new(2000, block, planned));
        Assert.AreEqual(expected, _events.Health(Limit));
        _events.Heartbeat(new(2003));
        Assert.AreEqual(EngineHealth.Well, _events.Health(Limit), "It went on.");
    }

    private sealed class HandClock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (long)(Seconds * TimeSpan.TicksPerSecond);
    }
}
