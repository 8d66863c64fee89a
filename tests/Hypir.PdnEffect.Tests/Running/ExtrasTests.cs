using System.Runtime.InteropServices;
using Hypir.Imaging;
using Hypir.PdnEffect.Tests.Support;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Running;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Messages;
using Hypir.Testing;

namespace Hypir.PdnEffect.Tests.Running;

/// <summary>What the dialog can besides restoring, with a real engine.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class ExtrasTests : EngineBackedTest, IDisposable
{
    private const int HeldByAnother = unchecked((int)0x800401D0); // CLIPBRD_E_CANT_OPEN

    private readonly UiThread _ui = new();

    public void Dispose() => _ui.Dispose();

    [TestMethod]
    public Task A_plan_is_there_before_anything_is_computed_and_follows_the_settings() => With(new TestLayer(700, 500), async model =>
        {
            await model.LoadAsync();
            await Until(model, () => model.PlanText.Length > 0);
            string first = model.PlanText;
            StringAssert.Matches(first, new("^[0-9]+ tiles?, .+ on CPU.*, [0-9.]+ GB of memory$"));
            model.Choose(model.Settings with { Scale = 2 });
            await Until(model, () => model.PlanText != first);
            model.Choose(model.Settings with { Tile = 3 });
            await Until(model, () =>
                model.PlanText.Contains("tile", StringComparison.Ordinal) && !model.PlanText.Contains("CPU", StringComparison.Ordinal)
            );
            Assert.AreEqual(0, await JobsAsync());
        });

    [TestMethod]
    public Task A_preview_restores_one_area_for_the_view_and_leaves_the_canvas() => With(new TestLayer(300, 200), async model =>
    {
        bool canvas = false;
        model.PreviewChanged += (_, _) => canvas = true;
        await model.PreviewAsync(new(100, 80, 40, 30));
        Assert.AreEqual(new ViewModel.Region(100, 80, 40, 30), model.AreaResult!.Key.Region);
        Assert.AreEqual(new ViewModel.Region(36, 16, 168, 158), model.AreaResult.Key.Context);
        Assert.AreSame(model.AreaResult, model.Shown);
        Assert.IsFalse(canvas || model.CanAccept);
        Assert.IsTrue(model.CanRestore);
        await model.RestoreAsync();
        Assert.IsTrue(canvas && model.CanAccept);
        Assert.IsNull(model.AreaResult);
        await model.PreviewAsync(new(900, 900, 10, 10));
        Assert.IsNull(model.AreaResult, "Nothing of it is selected.");
    });

    [TestMethod]
    public Task Again_takes_another_seed() => With(new TestLayer(60, 50), async model =>
    {
        await model.RestoreAsync();
        RestoredRegion first = model.Result!;
        await model.AgainAsync(99);
        Assert.AreNotSame(first, model.Result);
        Assert.AreEqual(99, model.Result!.Key.Settings.Seed);
        Assert.AreEqual(2, await JobsAsync());
    });

    [TestMethod]
    public Task A_copy_is_what_hypir_restore_enlarges() => With(new TestLayer(90, 70), async model =>
        {
            model.Blend(60);
            var copy = new Copy();
            await model.CopyAsync(2, copy, () => "done");
            Assert.AreEqual("done", model.Status);
            Assert.IsNull(model.Result);
            byte[] rgb =
            [
                .. ((TestLayer)model.Layer).Pixels.SelectMany(pixel => (byte[])[(byte)(pixel >> 16), (byte)(pixel >> 8), (byte)pixel]),
            ];
            ImageFile.Save(new RasterImage(90, 70, 8, rgb), Path.Combine(Folder, "in.png"));
            Restore("in.png", "out.png", "--upscale", "2", "--strength", "0.6");
            RasterImage expected = ImageFile.Load(Path.Combine(Folder, "out.png"));
            Assert.AreEqual((180, 140, true), (copy.Width, copy.Height, copy.Ended));
            byte[] actual =
            [
                .. Enumerable
                    .Range(0, 180 * 140)
                    .SelectMany(i => (byte[])[copy.Pixels[4 * i + 2], copy.Pixels[4 * i + 1], copy.Pixels[4 * i]]),
            ];
            CollectionAssert.AreEqual(expected.Rgb, actual);
        });

    [TestMethod]
    public Task A_copy_of_a_selection_is_its_bounds() => With(new TestLayer(200, 150, selection: new(120, 30, 20, 10)), async model =>
        {
            var copy = new Copy();
            await model.CopyAsync(4, copy, () => "done");
            Assert.AreEqual((80, 40, true), (copy.Width, copy.Height, copy.Ended));
            var whole = new Copy();
            await UpscaledCopy.MakeAsync(
                Client, new TestLayer(200, 150, selection: new(56, 0, 144, 104)), model.Settings, 0, 4, whole, null,
                TestContext.CancellationToken);
            var none = new Copy();
            model.Blend(0);
            await model.CopyAsync(4, none, () => "done");
            for (int y = 0; y < 40; y++)
                CollectionAssert.AreEqual(
                    whole.Pixels.AsSpan(((y + 120) * whole.Width + 256) * 4, 320).ToArray(), none.Pixels.AsSpan(y * 320, 320).ToArray(),
                    $"Row {y}");
        });

    [TestMethod]
    public Task Own_lora_weights_become_a_model_with_base_and_defaults() => With(new TestLayer(60, 50), async model =>
        {
            await Client.AddModelAsync(
                new() { Path = Goldens.Require("tiny-sd2"), Name = "tiny" }, cancellation: TestContext.CancellationToken);
            string file = Path.Combine(Folder, "Grandmother's.pth");
            File.Copy(Goldens.Require("tiny-lora", "state_dict.pth"), file);
            await model.LoadAsync();
            model.Choose(model.Settings with { CoeffT = 150, Tile = 64 });
            await model.AddLoraAsync(file);
            Assert.IsNull(model.Failure, model.Status);
            ModelEntry added = model.Models.Single(entry => entry.Name == model.Settings.Model);
            Assert.AreEqual(("tiny", 150, 64), (added.Base, added.CoeffT, added.Tile));
            StringAssert.StartsWith(model.TitleOf(added), added.Name, "Two of a kind could not be told apart.");
            Assert.AreEqual((null, null), (model.Settings.CoeffT, model.Settings.Tile), "They are the model's own now.");
            StringAssert.Contains(model.Status, "ready");
            await model.RestoreAsync();
            Assert.IsNotNull(model.Result, model.Status);
            await model.AddLoraAsync(Path.Combine(Folder, "absent.pth"));
            Assert.IsNotNull(model.Failure);
            Assert.IsTrue(model.CanStart);
        });

    [TestMethod]
    public Task A_license_is_shown_before_a_download_and_a_no_is_a_no() => With(new TestLayer(60, 50), async model =>
    {
        await model.LoadAsync();
        ModelEntry wanted = model.Obtainable.First(entry => entry.Licences.Count > 0);
        List<string> shown = [];
        await model.GetModelAsync(wanted.Name, (text, bytes) =>
        {
            shown.Add(text.Text);
            StringAssert.Contains(model.DownloadWords(bytes), "download");
            return false;
        });
        Assert.HasCount(1, shown);
        Assert.IsGreaterThan(100, shown[0].Length);
        Assert.IsNull(model.Failure);
        ModelList list = await Client.ListModelsAsync(TestContext.CancellationToken);
        Assert.IsFalse(list.Models.Single(entry => entry.Name == wanted.Name).Licences.Any(license => license.Accepted));
        Assert.AreEqual(ModelState.Available, list.Models.Single(entry => entry.Name == wanted.Name).State);
    });

    [TestMethod]
    public Task A_license_that_was_accepted_since_the_models_were_listed_is_not_shown_again() => With(new TestLayer(60, 50), async model =>
    {
        await model.LoadAsync();
        ModelEntry wanted = model.Obtainable.First(entry => entry.Licences.Count > 1);
        LicenseText first = await Client.GetLicenceAsync(wanted.Licences[0].Id, TestContext.CancellationToken);
        await Client.AcceptLicenceAsync(first, TestContext.CancellationToken);
        List<string> shown = [];
        await model.GetModelAsync(wanted.Name, (text, _) =>
        {
            shown.Add(text.Id);
            return false;
        });
        CollectionAssert.AreEqual(wanted.Licences.Skip(1).Take(1).Select(license => license.Id).ToArray(), shown);
    });

    [TestMethod]
    public async Task Titles_of_the_programs_own_models_are_said_in_the_dialogs_language()
    {
        ModelList list = await Client.ListModelsAsync(TestContext.CancellationToken);
        Assert.IsNotEmpty(list.Models);
        foreach (ModelEntry model in list.Models)
        {
            Assert.AreEqual(model.Title, ModelTitles.Of(Language.English, model.Title));
            Assert.AreNotEqual(model.Title, ModelTitles.Of(Language.Chinese, model.Title));
        }
        Assert.AreEqual("A person's own", ModelTitles.Of(Language.Chinese, "A person's own"));
    }

    [TestMethod]
    public Task A_copy_that_cannot_be_written_is_told() => With(new TestLayer(20, 20), async model =>
    {
        await model.CopyAsync(2, new Copy { Refuses = true }, () => "done");
        Assert.AreEqual(Language.English[Phrase.CopyFailed], model.Failure?.Message);
    });

    [TestMethod]
    public Task A_clipboard_that_takes_nothing_is_told() => With(new TestLayer(20, 20), async model =>
    {
        int thread = Environment.CurrentManagedThreadId, on = 0;
        await model.CopyAsync(2, new Copy(), () =>
        {
            on = Environment.CurrentManagedThreadId;
            Marshal.ThrowExceptionForHR(HeldByAnother);
            return "done";
        });
        Assert.AreEqual(Language.English[Phrase.ClipboardFailed], model.Failure?.Message);
        Assert.AreEqual(thread, on, "A clipboard belongs to the dialog's thread.");
        Assert.IsTrue(model.CanStart);
    });

    [TestMethod]
    public Task A_GPU_is_offered_where_one_would_help_and_nowhere_else() => With(new TestLayer(60, 50), async model =>
    {
        await model.LoadAsync();
        await Until(model, () => model.PlanText.Length > 0);
        GpuStatus status = await Client.GetGpuAsync(TestContext.CancellationToken);
        bool helps = status.State is GpuState.Available or GpuState.Partial && status.Problem is null && status.Gpus.Count > 0;
        if (helps)
            await Until(model, () => model.OffersGpu);
        Assert.AreEqual(helps, model.OffersGpu);
        Assert.AreEqual(helps, model.PlanText.Contains("your GPU", StringComparison.Ordinal), model.PlanText);
        if (helps)
            return;
        await model.InstallGpuAsync();
        Assert.AreEqual(RunState.Idle, model.State);
        Assert.IsNull(model.Failure, "What is not offered is not done.");
    });

    private static async Task Until(RestoreViewModel model, Func<bool> so)
    {
        var done = new TaskCompletionSource();
        void Look(object? sender, EventArgs e)
        {
            if (so())
                done.TrySetResult();
        }
        model.PropertyChanged += Look;
        Look(null, EventArgs.Empty);
        await done.Task;
        model.PropertyChanged -= Look;
    }

    private Task With(TestLayer layer, Func<RestoreViewModel, Task> use) => _ui.Do(async () =>
    {
        using var model = new RestoreViewModel(layer, Access, _ui, Language.English);
        await use(model);
    });

    private sealed class Copy : ICopyTarget
    {
        public int Width { get; private set; }

        public int Height { get; private set; }

        public byte[] Pixels { get; private set; } = [];

        public bool Ended { get; private set; }

        public void Begin(int width, int height) => (Width, Height, Pixels) = (width, height, new byte[width * height * 4]);

        public void Take(int row, ReadOnlySpan<byte> pixels) => pixels.CopyTo(Pixels.AsSpan(row * Width * 4));

        public bool Refuses { get; init; }

        public void End() => Ended = Refuses ? throw new UnauthorizedAccessException() : true;
    }
}
