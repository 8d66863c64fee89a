using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Hypir.PdnEffect.Tests.Support;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Running;

namespace Hypir.PdnEffect.Tests.Running;

/// <summary>What closing would lose, what Enter must not apply, and failures that are no run's.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class LeavingTests : EngineBackedTest, IDisposable
{
    private readonly UiThread _ui = new();
    private readonly HandClock _clock = new();

    public void Dispose() => _ui.Dispose();

    [TestMethod]
    public Task A_run_of_a_minute_and_its_result_are_at_stake() => With(Access, async model =>
    {
        await model.LoadAsync();
        Task run = model.RestoreAsync();
        _clock.Now += TimeSpan.FromSeconds(59);
        Assert.IsNull(model.RunAtStake, "It is not worth a question yet.");
        _clock.Now += TimeSpan.FromSeconds(121);
        Assert.AreEqual("about 3 minutes", model.RunAtStake);
        Assert.IsNull(model.ResultAtStake);
        await run;
        Assert.IsNull(model.RunAtStake);
        Assert.AreEqual("about 3 minutes", model.ResultAtStake);
        using var next = new RestoreViewModel(new TestLayer(50, 40), Access, _ui, Language.English, null, _clock);
        next.RestoreFromToken(model.Settings, 100, model.Result);
        Assert.IsNotNull(next.Result);
        Assert.IsNull(next.ResultAtStake, "It was applied by an earlier dialog.");
    });

    [TestMethod]
    public Task A_result_of_other_settings_is_outdated() => With(Access, async model =>
    {
        Assert.IsFalse(model.IsOutdated, "There is no result.");
        await model.RestoreAsync();
        Assert.IsFalse(model.IsOutdated);
        model.Blend(30);
        Assert.IsFalse(model.IsOutdated, "The strength is no setting of the run.");
        model.Choose(model.Settings with { Seed = 5 });
        Assert.IsTrue(model.IsOutdated && model.CanAccept);
        await model.RestoreAsync();
        Assert.IsFalse(model.IsOutdated);
    });

    [TestMethod]
    [SuppressMessage("Usage", "CA2201", Justification = "The system's clipboard throws it.")]
    public Task Diagnostics_are_copied_or_it_is_said_why_not() =>
        With(Access with { Location = Access.Location! with { Executable = "/nowhere/hypir" } }, async model =>
        {
            List<string> copied = [];
            model.CopyDiagnostics(copied.Add);
            Assert.IsEmpty(copied, "Nothing has failed.");
            await model.RestoreAsync();
            Failure failure = model.Failure!;
            model.CopyDiagnostics(_ => throw new ExternalException("Requested Clipboard operation did not succeed."));
            StringAssert.EndsWith(model.Status, "Another program is using the clipboard. Try again in a moment.");
            model.CopyDiagnostics(copied.Add);
            StringAssert.StartsWith(model.Status, failure.Message);
            StringAssert.EndsWith(model.Status, "The diagnostics are on the clipboard.");
            CollectionAssert.AreEqual(new[] { failure.Diagnostics }, copied);
            Assert.AreSame(failure, model.Failure);
        });

    [TestMethod]
    public Task What_fails_beside_a_run_is_said_and_leaves_the_run() => With(Access, async model =>
    {
        await model.LoadAsync();
        Task run = model.RestoreAsync();
        model.Report(new InvalidOperationException("The browser is missing."));
        StringAssert.StartsWith(model.Status, "The effect failed.");
        StringAssert.Contains(model.Failure!.Diagnostics, "The browser is missing.");
        Assert.AreEqual(RunState.Running, model.State);
        await run;
        Assert.IsNotNull(model.Result);
        model.Dispose();
        model.Report(new InvalidOperationException("Nobody is there any more."));
        Assert.IsFalse(model.Failure!.Diagnostics.Contains("Nobody", StringComparison.Ordinal));
    });

    private Task With(EngineAccess access, Func<RestoreViewModel, Task> use) => _ui.Do(async () =>
    {
        using var model = new RestoreViewModel(new TestLayer(50, 40), access, _ui, Language.English, null, _clock);
        await use(model);
    });

    /// <summary>A clock that is moved by hand.</summary>
    private sealed class HandClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
