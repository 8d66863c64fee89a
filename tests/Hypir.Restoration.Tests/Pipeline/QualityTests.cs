using Hypir.Planning;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

/// <summary>
/// What tiles cost: fast mode against an untiled float32 run of the same model and noise field, and the seams of each stage. (That the
/// rewritten networks are the plain ones' equals is the networks' own tests' to prove.)
/// </summary>
[TestClass]
[TestCategory("Slow")]
public sealed class QualityTests : TensorTest
{
    /// <summary>
    /// Side of the images that are compared, and of the one that is looked at for seams, whose tiles are nearer to the real ones' size.
    /// </summary>
    private const int Small = 448, Large = 832;

    /// <summary>Side of the blocks in the textured image: their edges do not lie at tile borders.</summary>
    private const int Block = 26;

    private static readonly RestoreOptions Options = new() { Device = "cpu" };

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public void Fast_mode_is_as_near_to_the_untiled_result_as_the_references_tiling(bool tiny, bool textured)
    {
        using var scope = NewDisposeScope();
        using Restorer restorer = Load(tiny);
        ModelFacts facts = Smaller(restorer, tiny ? 192 : 160);
        Tensor image = Image(textured, Small);
        Tensor untiled = Run(restorer, image, Untiled(facts, Small), scope);
        RestorePlan fast = Plan(facts, Small, Options);
        // The reference's tiles on every stage, with the same noise field and networks, so that nothing but tiling differs.
        RestorePlan tiles = Plan(facts, Small, Options with { Mode = RestoreMode.Reference });
        RestorePlan reference = fast with { Encoding = tiles.Encoding, Restoring = tiles.Restoring, Decoding = tiles.Decoding };
        double near = Decibels(untiled, Run(restorer, image, fast, scope));
        double referenceNear = Decibels(untiled, Run(restorer, image, reference, scope));
        Console.WriteLine(
            $"fast {near:f1} dB with {fast.Encoding.Tiles.Count}, {fast.Restoring.Tiles.Count}, {fast.Decoding.Tiles.Count} tiles; the "
                + $"reference's tiling {referenceNear:f1} dB with {reference.Encoding.Tiles.Count}"
        );
        Assert.IsTrue(near >= referenceNear || near >= 45, $"{near:f1} dB, the reference's tiling {referenceNear:f1} dB");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void No_seams_at_the_tiles_of_any_stage(bool textured)
    {
        using var scope = NewDisposeScope();
        using Restorer restorer = Load(tiny: false);
        ModelFacts facts = Smaller(restorer, 320);
        Tensor image = Image(textured, Large);
        Tensor untiled = Run(restorer, image, Untiled(facts, Large), scope);
        RestorePlan plan = Plan(facts, Large, Options);
        Tensor result = Run(restorer, image, plan, scope);
        Tensor difference = (result - untiled).abs().mean([0, 1]),
            steps = Gradient(result);
        foreach (
            (string stage, TileGrid tiles, int factor) in new[]
            {
                ("encoding", plan.Encoding.Tiles, 1),
                ("restoring", plan.Restoring.Tiles, restorer.Facts.Factor),
                ("decoding", plan.Decoding.Tiles, restorer.Facts.Factor),
            }
        )
        {
            Assert.IsTrue(tiles.Rows.Count > 1 && tiles.Columns.Count > 1, stage);
            Tensor border = Borders(tiles, factor);
            double seam = Ratio(steps, border),
                error = Ratio(difference, border);
            Console.WriteLine(
                $"{stage}: steps at tile borders over elsewhere {seam:f3}, difference to the untiled result there over elsewhere {error:f3}"
            );
            double there = difference.masked_select(border).mean().item<float>();
            Console.WriteLine($"{stage}: mean difference at borders {there * 255:g3} of 255");
            Assert.IsTrue(seam <= 1.05, $"{stage}: steps {seam:f3}");
            Assert.IsTrue(error <= 1.05, $"{stage}: difference {error:f3}, {there * 255:g3} of 255");
        }
    }

    private static Restorer Load(bool tiny) =>
        tiny ? Machine.Load(Machine.Tiny(), Options, Machine.TinyLora()) : Machine.Load(Machine.Nano, Options);

    /// <summary>The models with smaller tiles than their own, in the same proportions, so that an image of this size has many.</summary>
    private static ModelFacts Smaller(Restorer restorer, int patch)
    {
        ModelNeeds needs = restorer.Facts.Needs;
        return restorer.Facts with
        {
            Needs = needs with { Patch = patch, Stride = patch * needs.Stride / needs.Patch / needs.Multiple * needs.Multiple },
        };
    }

    private static RestorePlan Plan(ModelFacts facts, int side, RestoreOptions options) =>
        RestorePlan.Create(side, side, false, options, facts, Machine.Facts);

    /// <summary>One tile on every stage.</summary>
    private static RestorePlan Untiled(ModelFacts facts, int side)
    {
        RestorePlan whole = Plan(facts, side, Options with { Tile = side, Stride = side });
        Assert.AreEqual(1, whole.Encoding.Tiles.Count);
        Assert.AreEqual(1, whole.Restoring.Tiles.Count);
        return whole;
    }

    private static Tensor Run(Restorer restorer, Tensor image, RestorePlan plan, DisposeScope owner)
    {
        var steps = new StepRecorder(owner);
        restorer.Run(
            new TensorSource(image), plan, steps, new JobWatch(new ProgressMeter(plan, null, TimeProvider.System), steps, default));
        return steps["result"];
    }

    /// <summary>Flat with a slope, or grain and edges.</summary>
    private static Tensor Image(bool textured, int side)
    {
        using var generator = new Generator(5);
        Tensor y = linspace(0.3, 0.6, side).view(1, 1, side, 1), x = linspace(0, 0.1, side).view(1, 1, 1, side);
        Tensor slope = (y + x).expand(1, 3, -1, -1).contiguous();
        return textured
            ? (
                slope
                + 0.15 * rand([1, 3, side, side], generator: generator)
                + 0.2
                    * (rand([1, 3, side / Block + 1, side / Block + 1], generator: generator) - 0.5)
                        .repeat_interleave(Block, 2)
                        .repeat_interleave(Block, 3)
                        .narrow(2, 0, side)
                        .narrow(3, 0, side)
            ).clamp(0, 1)
            : slope;
    }

    private static double Decibels(Tensor expected, Tensor actual) =>
        -10 * Math.Log10((expected - actual).square().mean().item<float>() + 1e-20);

    /// <summary>Mean step to the next row and column at each position.</summary>
    private static Tensor Gradient(Tensor image)
    {
        Tensor down = nn.functional.pad(image.diff(1, 2).abs(), [0, 0, 0, 1]);
        Tensor right = nn.functional.pad(image.diff(1, 3).abs(), [0, 1, 0, 0]);
        return (down + right).mean([0, 1]);
    }

    /// <summary>Which positions lie within 2 pixels of a tile's first or last row or column.</summary>
    private static Tensor Borders(TileGrid tiles, int factor)
    {
        var near = new bool[Large * Large];
        bool[] rows = Near(tiles.Rows), columns = Near(tiles.Columns);
        for (int y = 0; y < Large; y++)
            for (int x = 0; x < Large; x++)
                near[y * Large + x] = rows[y] || columns[x];
        return tensor(near, [Large, Large]);

        bool[] Near(TileAxis axis)
        {
            var marks = new bool[Large];
            for (int tile = 0; tile < axis.Count; tile++)
                foreach (int edge in new[] { axis.Start(tile) * factor, (axis.Start(tile) + axis.Tile) * factor })
                    for (int i = Math.Max(edge - 2, 0); edge > 0 && edge < Large && i < Math.Min(edge + 2, Large); i++)
                        marks[i] = true;
            return marks;
        }
    }

    private static double Ratio(Tensor values, Tensor border) =>
        (values.masked_select(border).mean() / values.masked_select(border.logical_not()).mean()).item<float>();
}
