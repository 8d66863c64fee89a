using Hypir.Networks.Models;
using Hypir.Networks.Scheduling;
using Hypir.Planning;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Tests.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Float32;

/// <summary>
/// Whole images of several tiles, restored in float32 as it is shipped, against plain networks and formulas in float64.
/// </summary>
[TestClass]
public sealed class Float32ImageTests : TensorTest
{
    private static readonly RestoreOptions Options = new() { Device = "cpu", Tile = 48, Stride = 32, Mode = RestoreMode.Fast };

    [TestMethod]
    public void The_model_that_ships() => Compare(Machine.Nano, Options);

    [TestMethod]
    public void The_tiny_model() => Compare(Machine.Tiny(), Options with { Prompt = "a cat", Seed = -3 });

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void With_a_LoRA(bool unmerged) => Compare(Machine.Tiny(), Options with { Unmerged = unmerged }, Machine.TinyLora());

    [TestMethod]
    [DataRow(200, 200)]
    [DataRow(350, 611)]
    public void With_v_prediction(int modelT, int coeffT)
    {
        using var folder = new TemporaryFolder();
        string tiny = Goldens.Require("tiny-sd2"), velocity = Goldens.Require("tiny-sd2-v");
        foreach (string path in Directory.EnumerateFiles(tiny, "*", SearchOption.AllDirectories))
            File.Copy(path, folder.File("tiny-sd2-v", Path.GetRelativePath(tiny, path)));
        foreach (string path in Directory.EnumerateFiles(velocity, "*", SearchOption.AllDirectories))
            File.Copy(path, folder.File("tiny-sd2-v", Path.GetRelativePath(velocity, path)), overwrite: true);
        ModelFolder model = ModelFolder.Open(folder["tiny-sd2-v"]);
        Assert.AreEqual(PredictionType.Velocity, model.Scheduler.PredictionType);
        Compare(model, Options with { ModelT = modelT, CoeffT = coeffT });
    }

    private static void Compare(ModelFolder model, RestoreOptions options, string? lora = null)
    {
        const int Height = 61, Width = 77;
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var generator = new Generator(6);
        // Edges and grain: what a color fix, a ramp or a noise that is wrong shows on.
        Tensor image = rand([1, 3, 8, 10], generator: generator).repeat_interleave(8, 2).repeat_interleave(8, 3)
            .narrow(2, 0, Height).narrow(3, 0, Width).mul(0.8f).add(rand([1, 3, Height, Width], generator: generator).mul(0.2f));

        RestoreOptions wide = options with { Precision = ComputePrecision.Float64 };
        RestoreOptions narrow = options with { Precision = ComputePrecision.Float32 };
        using Restorer exactRestorer = Machine.Load(model, wide, lora), restorer = Machine.Load(model, narrow, lora);
        using Restorer torchRestorer = Machine.Load(model, narrow, lora, kernels: "torch");
        RestorePlan plan = Machine.Plan(model, narrow, Width, Height);
        foreach (StagePlan stage in new[] { plan.Encoding, plan.Restoring, plan.Decoding })
            Assert.IsTrue(stage.Tiles.Rows.Count > 1 && stage.Tiles.Columns.Count > 1, $"{stage.Tiles}");

        Tensor exact = PlainImage.Restore(exactRestorer, model, plan, image, float64);
        Tensor plain = PlainImage.Restore(restorer, model, plan, image, float32);
        Tensor fast = Machine.Run(restorer, image, narrow, scope)["result"];
        Tensor torch = Machine.Run(torchRestorer, image, narrow, scope)["result"];
        string name = Path.GetFileName(model.Path);
        Float32Errors.Compare(exact, plain, fast, $"{name}, fast kernels");
        Float32Errors.Compare(exact, plain, torch, $"{name}, plain torch");
        // Each may err so much: what lies between them is at most both errors together.
        Numbers.AssertClose(torch, fast, 2 * (2 * Numbers.RelativeError(exact, plain) + Float32Errors.Room), $"{name}, both kernels");
    }
}
