using System.Text.Json;
using Hypir.Imaging;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.SinglePass;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Tests.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.SinglePass;

/// <summary>
/// A network of faces gets the square around what is chosen, in its own size, and its result comes back through the mask.
/// </summary>
[TestClass]
[TestCategory("Golden")]
public sealed class FaceRestoreTests : TensorTest
{
    private const int Side = 32;
    private static readonly RestoreOptions Cpu = new() { Device = "cpu" };

    [TestMethod]
    public void A_face_is_squared_restored_and_put_back_through_the_mask()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = Save(folder);
        RasterImage input = Images.Random(160, 120, 8);
        var area = new PixelArea(90, 40, 60, 44);
        byte[] shares = [.. Enumerable.Range(0, area.Width * area.Height).Select(i => (byte)(i % area.Width < 20 ? 0 : 255))];
        RestoreOptions options = Cpu with { Area = area, KeepsRest = true };
        using Restorer restorer = Machine.Load(ModelSource.Open(path), options);
        RestorePlan plan = Plan(restorer.Facts, input, options);
        Assert.AreEqual(new PixelArea(90, 32, 60, 60), plan.Area!.Window);
        Assert.AreEqual(new PixelSize(Side, Side), plan.Passes.Single().From);
        var mask = new ImageMask(area.Width, area.Height, shares);
        RasterImage output = restorer.Restore(input, plan, mask, null, CancellationToken.None).Image;

        using var model = SinglePassModel.Load(SinglePassFile.Open(path), ScalarType.Float32);
        Tensor window = new ImageSource(input, ScalarType.Float32).Region(new(32, 92, 90, 150));
        Tensor small = Resampling.ToSize(window, new(Side, Side), antialias: true).clamp(0, 1);
        Tensor face = Resampling.ToSize(model.Evaluate(small), new(60, 60), antialias: false);
        byte[] expected = [.. (face.clamp(0, 1) * 255).round().permute(0, 2, 3, 1).flatten().data<float>().Select(value => (byte)value)];
        int different = 0;
        for (int i = 0; i < input.Rgb.Length; i++)
        {
            (int x, int y) = (i / 3 % 160, i / 3 / 160);
            bool white = x >= area.X + 20 && x < area.Right && y >= area.Y && y < area.Bottom;
            byte wanted = white ? expected[((y - 32) * 60 + x - 90) * 3 + i % 3] : input.Rgb[i];
            Assert.IsLessThanOrEqualTo(white ? 1 : 0, Math.Abs(output.Rgb[i] - wanted), $"{x}, {y}");
            different += output.Rgb[i] == input.Rgb[i] ? 0 : 1;
        }

        Assert.IsGreaterThan(40 * 44 * 2, different);
    }

    [TestMethod]
    [DataRow(0, 0, 50, 30, 0, 0, 50)]
    [DataRow(130, 80, 30, 40, 120, 80, 40)]
    [DataRow(40, 50, 40, 40, 40, 50, 40)]
    public void The_square_stays_within_the_image(int x, int y, int width, int height, int left, int top, int side)
    {
        using var folder = new TemporaryFolder();
        ModelFacts facts = ModelSource.Open(Save(folder)).Facts;
        RestorePlan plan = Plan(facts, Images.Random(160, 120, 8), Cpu with { Area = new(x, y, width, height) });
        Assert.AreEqual(new PixelArea(left, top, side, side), plan.Area!.Window);
        Assert.AreEqual(new PixelSize(width, height), plan.Result);
    }

    [TestMethod]
    public void What_is_no_face_is_refused()
    {
        using var folder = new TemporaryFolder();
        ModelFacts facts = ModelSource.Open(Save(folder)).Facts;
        PlanException whole = Assert.ThrowsExactly<PlanException>(() => Plan(facts, Images.Random(160, 120, 8), Cpu));
        Assert.Contains("--mask", whole.Remedy!);
        PlanException narrow = Assert.ThrowsExactly<PlanException>(() =>
            Plan(facts, Images.Random(160, 40, 8), Cpu with { Area = new(0, 0, 100, 40) }));
        Assert.Contains("not square", narrow.Message);
        PlanException tile = Assert.ThrowsExactly<PlanException>(() => Plan(facts, Images.Random(40, 40, 8), Cpu with { Tile = 64 }));
        Assert.AreEqual("tile", tile.Option);
        Assert.AreEqual(new PixelSize(Side, Side), Plan(facts, Images.Random(40, 36, 8), Cpu).Passes.Single().From);
    }

    private static RestorePlan Plan(ModelFacts facts, RasterImage input, RestoreOptions options) =>
        RestorePlan.Create(input.Width, input.Height, false, options, facts, Machine.Facts);

    private static string Save(TemporaryFolder folder)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Goldens.Require("faces", "gfpgan-32.shapes.json")));
        using var tensors = new SeededTensors(
            json.RootElement.GetProperty("shapes").Deserialize<Dictionary<string, long[]>>()!,
            json.RootElement.GetProperty("seed").GetInt64());
        string path = folder["face.safetensors"];
        SafetensorsWriter.Write(path, tensors);
        return path;
    }
}
