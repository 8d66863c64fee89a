using Hypir.Imaging;
using Hypir.Networks;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Tests.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.SinglePass;

/// <summary>Single-pass networks in the pipeline: sizes, tiles, depths, alpha, strength, cancellation.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class SinglePassRestoreTests : TensorTest
{
    private static readonly RestoreOptions Cpu = new() { Device = "cpu" };

    [TestMethod]
    public void Tiles_give_what_the_whole_image_gives()
    {
        foreach (string path in Goldens.Cases("*.pth", "single-pass").Where(IsSupported))
        {
            using var scope = NewDisposeScope();
            ModelSource model = ModelSource.Open(path);
            // What such networks compute of tiles differs: docs/single-pass-models.md says by how much.
            if (model.Facts.SinglePass!.Needs.WholeImage)
                continue;
            using Restorer restorer = Machine.Load(model, Cpu);
            // Little more than a tile: two rows and two columns of them.
            int tile = model.Facts.Needs.Minimum!.Value, side = tile + tile / 3;
            Tensor image = rand(1, 3, side, side + 3);
            RestoreOptions options = Cpu with { Upscale = model.Facts.SinglePass.Scale };
            Tensor whole = Machine.Run(restorer, image, options, scope)["result"];
            Tensor tiled = Machine.Run(restorer, image, options with { Tile = tile }, scope)["result"];
            Assert.IsGreaterThan(1, RestorePlan.Create(side + 3, side, false, options with { Tile = tile }, model.Facts, Machine.Facts)
                .Passes[0].Stage.Tiles.Count, path);
            double difference = (whole - tiled).abs().max().item<float>();
            Console.WriteLine(FormattableString.Invariant($"{Path.GetFileName(path)}: {difference:g3}"));
            Assert.IsLessThanOrEqualTo(1e-4, difference, path);
        }
    }

    [TestMethod]
    [DataRow(0.5, 1)]
    [DataRow(1, 1)]
    [DataRow(1.7, 1)]
    [DataRow(2, 1)]
    [DataRow(2.5, 2)]
    [DataRow(5, 3)]
    public void A_network_runs_as_often_as_the_size_asks_for(double upscale, int passes)
    {
        RasterImage input = Images.Random(37, 23, 8);
        RestoreOptions options = Cpu with { Upscale = upscale };
        using Restorer restorer = Machine.Load(Compact(2), options);
        RestorePlan plan = Plan(restorer, input, options);
        Assert.HasCount(passes, plan.Passes);
        RasterImage output = restorer.Restore(input, plan).Image;
        Assert.AreEqual(((int)(37 * upscale), (int)(23 * upscale)), (output.Width, output.Height));
    }

    [TestMethod]
    public void More_than_16_times_is_refused()
    {
        PlanException failure = Assert.ThrowsExactly<PlanException>(() =>
            RestorePlan.Create(8, 8, false, Cpu with { Upscale = 17 }, Compact(2).Facts, Machine.Facts));
        Assert.AreEqual("upscale", failure.Option);
    }

    [TestMethod]
    public void A_network_that_does_not_enlarge_runs_once()
    {
        RasterImage input = Images.Random(20, 21, 8);
        RestoreOptions options = Cpu with { Upscale = 3 };
        using Restorer restorer = Machine.Load(Compact(1), options);
        RestorePlan plan = Plan(restorer, input, options);
        Assert.HasCount(1, plan.Passes);
        Assert.AreEqual(60, restorer.Restore(input, plan).Image.Width);
    }

    [TestMethod]
    [DataRow(8)]
    [DataRow(16)]
    public void Depth_alpha_and_strength_are_as_with_other_models(int bits)
    {
        RasterImage input = Images.Random(30, 28, bits, alpha: true);
        using Restorer restorer = Machine.Load(Compact(1), Cpu);
        RasterImage none = restorer.Restore(input, Plan(restorer, input, Cpu with { Strength = 0 })).Image;
        CollectionAssert.AreEqual(input.Rgb, none.Rgb);
        RasterImage full = restorer.Restore(input, Plan(restorer, input, Cpu)).Image;
        CollectionAssert.AreEqual(input.Alpha, full.Alpha);
        CollectionAssert.AreNotEqual(input.Rgb, full.Rgb);
        Assert.AreEqual(bits, full.BitsPerSample);
    }

    [TestMethod]
    public void Colors_are_fixed_where_that_is_asked_for()
    {
        using var scope = NewDisposeScope();
        using Restorer restorer = Machine.Load(Compact(2), Cpu);
        Tensor image = rand(1, 3, 70, 66).Times(0.2).Plus(0.4);
        Tensor plain = Machine.Run(restorer, image, Cpu, scope)["result"];
        Tensor kept = Machine.Run(restorer, image, Cpu with { ColorFix = true }, scope)["result"];
        Assert.IsLessThan(Distance(plain), Distance(kept));

        double Distance(Tensor result) => (result.mean() - image.mean()).abs().item<float>();
    }

    /// <summary>Different bits show that other kernels computed them; a reference run uses the library's in any case.</summary>
    [TestMethod]
    public void Kernels_are_chosen_as_for_other_models()
    {
        using var scope = NewDisposeScope();
        using Restorer fast = Machine.Load(Compact(2), Cpu), torch = Machine.Load(Compact(2), Cpu, kernels: "torch");
        Tensor image = rand(1, 3, 40, 37);
        Tensor plain = Run(torch, Cpu), rewritten = Run(fast, Cpu);
        Assert.IsTrue(plain.equal(Run(fast, Cpu with { Mode = RestoreMode.Reference })).all().item<bool>());
        double difference = (plain - rewritten).abs().max().item<float>();
        Assert.IsTrue(difference is > 0 and <= 1e-4, $"{difference}");

        Tensor Run(Restorer restorer, RestoreOptions options) =>
            Machine.Run(restorer, image, options with { Upscale = 2 }, scope)["result"];
    }

    [TestMethod]
    public void A_cancelled_run_leaves_nothing()
    {
        using Restorer restorer = Machine.Load(Compact(2), Cpu);
        using var source = new CancellationTokenSource();
        using var scope = NewDisposeScope();
        var steps = new StepRecorder(scope) { OnBlock = (_, name) => Cancel(name) };
        Assert.ThrowsExactly<OperationCanceledException>(
            () => Machine.Run(restorer, rand(1, 3, 20, 20), Cpu with { Upscale = 4 }, scope, steps, cancellation: source.Token));

        void Cancel(string name)
        {
            if (name == "body.4")
                source.Cancel();
        }
    }

    [TestMethod]
    public void What_a_network_lacks_is_refused()
    {
        ModelFacts facts = Compact(2).Facts;
        foreach ((RestoreOptions options, string name) in new[]
        {
            (Cpu with { Stride = 64 }, "stride"), (Cpu with { CoeffT = 3 }, "coeff-t"), (Cpu with { ModelT = 3 }, "t"),
            (Cpu with { Dial = 3 }, "dial"), (Cpu with { Prompt = "a cat" }, "prompt"), (Cpu with { Tile = 8 }, "tile"),
        })
        {
            Assert.AreEqual(name, Assert.ThrowsExactly<PlanException>(
                () => RestorePlan.Create(50, 50, false, options, facts, Machine.Facts)).Option);
        }

        string path = Compact(2).Path;
        Assert.ThrowsExactly<ModelException>(() => Machine.Load(ModelSource.Open(path), Cpu, lora: path));
    }

    [TestMethod]
    public void Two_files_are_mixed_weight_by_weight()
    {
        using var scope = NewDisposeScope();
        string first = Goldens.Require("single-pass", "compact-x1.pth"), other = Goldens.Require("single-pass", "compact-x2.pth");
        Tensor image = rand(1, 3, 12, 12);
        Tensor alone = Run(ModelSource.Open(first)), same = Run(ModelSource.Open(first, new(first, 0.4)));
        Assert.IsLessThanOrEqualTo(1e-6f, (alone - same).abs().max().item<float>());
        ModelException refusal = Assert.ThrowsExactly<ModelException>(() => ModelSource.Open(first, new(other, 0.4)));
        Assert.Contains("cannot be mixed", refusal.Message);
        Assert.ThrowsExactly<ModelException>(
            () => ModelSource.Open(NanoModel.Folder, new(first, 0.4)));

        Tensor Run(ModelSource model)
        {
            // Mixing rounds weights, which transformed convolutions amplify about ten times.
            using Restorer restorer = Machine.Load(model, Cpu, kernels: "torch");
            return Machine.Run(restorer, image, Cpu, scope)["result"];
        }
    }

    private static bool IsSupported(string path)
    {
        try
        {
            ModelSource.Open(path);
            return true;
        }
        catch (ModelException)
        {
            return false;
        }
    }

    private static ModelSource Compact(int scale) => ModelSource.Open(Goldens.Require("single-pass", $"compact-x{scale}.pth"));

    private static RestorePlan Plan(Restorer restorer, RasterImage input, RestoreOptions options) => RestorePlan.Create(
        input.Width, input.Height, input.Alpha is not null, options, restorer.Facts, Machine.Facts, input.BitsPerSample);
}
