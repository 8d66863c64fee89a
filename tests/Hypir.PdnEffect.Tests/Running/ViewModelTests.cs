using System.Diagnostics;
using Hypir.PdnEffect.Tests.Support;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Running;

namespace Hypir.PdnEffect.Tests.Running;

/// <summary>The dialog without its window, with a real engine.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class ViewModelTests : EngineBackedTest, IDisposable
{
    private readonly UiThread _ui = new();
    private readonly List<string> _events = [];

    public void Dispose() => _ui.Dispose();

    [TestMethod]
    public Task Nothing_is_computed_before_it_is_asked_for() => With(new TestLayer(50, 40), async model =>
        {
            Assert.IsFalse(File.Exists(Path.Combine(Folder, "home")), "Something was started.");
            await model.LoadAsync();
            Assert.IsTrue(model.CanRestore);
            Assert.IsFalse(model.CanAccept || model.CanStop || model.ReadsPrompts);
            Assert.AreEqual("auto", model.Settings.Model);
            Assert.AreEqual(0, await JobsAsync());
            CollectionAssert.DoesNotContain(_events, "preview");
        });

    [TestMethod]
    public Task A_second_click_starts_nothing() => With(new TestLayer(50, 40), async model =>
        {
            Task first = model.RestoreAsync(),
                second = model.RestoreAsync();
            await Task.WhenAll(first, second);
            Assert.IsTrue(model.CanAccept);
            Assert.IsFalse(model.CanRestore, "The result is there.");
            await model.RestoreAsync();
            Assert.AreEqual(1, await JobsAsync());
            CollectionAssert.AreEqual((string[])["preview"], _events);
        });

    [TestMethod]
    public Task Strength_and_settings_change_nothing_that_is_shown_but_strength() => With(new TestLayer(50, 40), async model =>
        {
            await model.RestoreAsync();
            RestoredRegion result = model.Result!;
            model.Blend(40);
            model.Choose(model.Settings with { Seed = 5 });
            Assert.AreSame(result, model.Result);
            Assert.AreEqual(231, model.Result!.Key.Settings.Seed);
            Assert.IsTrue(model.CanAccept && model.CanRestore);
            model.Choose(model.Settings with { Seed = 231, Prompt = "a prompt that this model does not read" });
            Assert.IsFalse(model.CanRestore, "The result of these settings is there.");
            Assert.AreEqual(1, await JobsAsync());
            CollectionAssert.AreEqual((string[])["preview", "preview"], _events);
        });

    [TestMethod]
    public Task Stopping_leaves_what_was_there() => With(new TestLayer(1600, 1200), async model =>
        {
            await model.LoadAsync();
            Task run = model.RestoreAsync();
            Assert.AreEqual(RunState.Running, model.State);
            model.Stop();
            Assert.IsFalse(model.CanStop || model.CanRestore);
            await run;
            Assert.AreEqual(RunState.Idle, model.State);
            Assert.IsNull(model.Result);
            Assert.IsNull(model.Failure);
            Assert.IsEmpty(_events);
            Assert.IsTrue(model.CanRestore);
        });

    [TestMethod]
    public Task Closing_while_running_cancels_waits_and_closes_once() => With(new TestLayer(1600, 1200), async model =>
        {
            await model.LoadAsync();
            Task run = model.RestoreAsync();
            Assert.IsFalse(model.RequestClose());
            Assert.IsFalse(model.RequestClose());
            Assert.IsEmpty(_events);
            await run;
            CollectionAssert.AreEqual((string[])["close"], _events);
            Assert.IsTrue(model.RequestClose());
            Assert.IsFalse(model.CanRestore, "A dialog that closes starts nothing.");
        });

    [TestMethod]
    public Task Nothing_arrives_when_it_is_gone() => With(new TestLayer(1600, 1200), async model =>
        {
            await model.LoadAsync();
            bool gone = false,
                late = false;
            model.PropertyChanged += (_, _) => late |= gone;
            Task run = model.RestoreAsync();
            model.Dispose();
            gone = true;
            await run;
            Assert.IsFalse(late);
            Assert.IsEmpty(_events);
        });

    [TestMethod]
    public Task An_engine_that_is_killed_is_told_and_the_result_comes_all_the_same() => With(new TestLayer(800, 600), async model =>
        {
            await model.LoadAsync();
            Task run = model.RestoreAsync();
            while ((await Client.GetStatusAsync(TestContext.CancellationToken)).Running is null)
                Assert.IsFalse(run.IsCompleted);
            using (Process engine = await ProcessAsync())
                engine.Kill();
            await run;
            Assert.IsNotNull(model.Result, model.Status);
            StringAssert.Contains(model.Status, "stopped unexpectedly");
            Assert.IsNull(model.Failure);
        });

    [TestMethod]
    public Task Without_an_engine_the_click_is_answered_and_the_next_one_tries_again()
    {
        EngineAccess with = Access;
        return With(new TestLayer(50, 40), Access with { Location = with.Location! with { Executable = "/nowhere/hypir" } }, async model =>
        {
            await model.LoadAsync();
            StringAssert.Contains(model.Status, "not installed");
            Assert.IsEmpty(_events, "Nobody has asked yet.");
            await model.RestoreAsync();
            CollectionAssert.AreEqual((string[])["failed"], _events);
            StringAssert.Contains(model.Failure!.Action, "Install Hypir");
            await Client.ConnectAsync(TestContext.CancellationToken);
            await model.RestoreAsync();
            Assert.IsNotNull(model.Result);
            Assert.IsNull(model.Failure);
        });
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public Task An_engine_that_hangs_is_told_and_stopping_ends_it() =>
        With(new TestLayer(1600, 1200), Access with { SilenceLimit = TimeSpan.FromSeconds(3) }, async model =>
        {
            await model.LoadAsync();
            using Process engine = await ProcessAsync();
            var told = new TaskCompletionSource();
            Task run = model.RestoreAsync();
            Process.Start("kill", ["-STOP", $"{engine.Id}"]).WaitForExit();
            // A busy machine may be late before, too, when there is nothing to stop yet.
            model.PropertyChanged += (_, _) =>
            {
                if (model.CanStop && model.Status.Contains("not responding", StringComparison.Ordinal))
                    told.TrySetResult();
            };
            await told.Task;
            Assert.IsTrue(model.CanStop);
            model.Stop();
            await run;
            await engine.WaitForExitAsync(TestContext.CancellationToken);
            Assert.IsTrue(model.CanRestore);
        });

    [TestMethod]
    public Task A_result_of_an_earlier_dialog_is_shown_for_these_pixels_only() => With(new TestLayer(50, 40), async model =>
        {
            await model.RestoreAsync();
            using var same = new RestoreViewModel(new TestLayer(50, 40), Access, _ui, Language.English);
            same.RestoreFromToken(model.Settings, 70, model.Result);
            Assert.AreSame(model.Result, same.Result);
            Assert.AreEqual(70, same.Strength);
            using var other = new RestoreViewModel(new TestLayer(50, 40, seed: 2), Access, _ui, Language.English);
            other.RestoreFromToken(model.Settings, 70, model.Result);
            Assert.IsNull(other.Result);
            Assert.IsFalse(other.CanAccept);
            Assert.AreEqual(1, await JobsAsync());
        });

    private Task With(TestLayer layer, Func<RestoreViewModel, Task> use) => With(layer, Access, use);

    private Task With(TestLayer layer, EngineAccess access, Func<RestoreViewModel, Task> use) =>
        _ui.Do(async () =>
        {
            using var model = new RestoreViewModel(layer, access, _ui, Language.English);
            int thread = Environment.CurrentManagedThreadId;
            void Note(string what)
            {
                Assert.AreEqual(thread, Environment.CurrentManagedThreadId);
                _events.Add(what);
            }
            model.PreviewChanged += (_, _) => Note("preview");
            model.Failed += (_, _) => Note("failed");
            model.ReadyToClose += (_, _) => Note("close");
            await use(model);
        });
}
