using System.Text.Json;
using Hypir.Testing;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Noise;
using Hypir.Training.Degradation.Recipes;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Degradation;

/// <summary>The size of an image after each resize, against the reference's formulas.</summary>
[TestClass]
public sealed class SizeTests : TensorTest
{
    [TestMethod, TestCategory("Golden")]
    public void Second_stage_sides_are_truncated_where_the_reference_truncates_them()
    {
        int compared = 0;
        using var golden = Read();
        foreach (var row in golden.RootElement.GetProperty("sides").EnumerateArray())
        {
            var recipe = Recipe(row[1].GetDouble(), row[2].GetDouble());
            int side = row[0].GetInt32();
            Assert.AreEqual((row[3].GetInt32(), row[4].GetInt32()), (recipe.SmallSide(side), recipe.SecondSide(side)), row.ToString());
            compared++;
        }
        Assert.AreNotEqual(0, compared);
    }

    [TestMethod, TestCategory("Golden")]
    public void Images_have_the_references_size_after_every_step()
    {
        int compared = 0;
        using var golden = Read();
        foreach (var run in golden.RootElement.GetProperty("runs").EnumerateArray())
        {
            double Number(string name) => run.GetProperty(name).GetDouble();
            foreach (var mode in Enum.GetValues<ResizeMode>())
            {
                var recipe = Recipe(
                    Number("stage2_scale"), Number("scale2"), Number("scale1"), mode, run.GetProperty("resize_back").GetBoolean());
                foreach (var (step, size) in Sizes(recipe, (long)Number("height"), (long)Number("width")))
                {
                    // Steps that do not resize keep the size of the one before.
                    if (run.GetProperty("steps").TryGetProperty(step, out var expected))
                        Assert.AreEqual(expected.ToString(), $"[{size[2]}, {size[3]}]", $"{step}, {mode}: {run}");
                }
                compared++;
            }
        }
        Assert.AreNotEqual(0, compared);
    }

    /// <summary>Applies a recipe; the last entry is the finished image, under the name of the last resize.</summary>
    private static List<(string Step, long[] Size)> Sizes(DegradationRecipe recipe, long height, long width)
    {
        using var scope = NewDisposeScope();
        using var draws = new SeededDraws(1, CPU);
        var images = zeros(1, 3, height, width);
        var sizes = new List<(string, long[])>();
        using var result = RecipeApplier.Apply(recipe, images, KernelTensors.Of(recipe, images), draws, draws, (name, step) =>
        {
            sizes.Add((name, step.shape));
            return step;
        });
        sizes.Add((recipe.Final.ResizeBack ? "resize_back" : "resize3", result.Lq.shape));
        return sizes;
    }

    private static DegradationRecipe Recipe(
        double stage2Scale, double scale, double firstScale = 1, ResizeMode mode = ResizeMode.Area, bool resizeBack = true) =>
        new()
        {
            Stage1 = new() { Scale = firstScale, Mode = mode },
            Stage2Scale = stage2Scale,
            Stage2 = new() { Scale = scale, Mode = mode },
            Final = new() { Mode = mode, ResizeBack = resizeBack },
            Images = [new()],
        };

    private static JsonDocument Read() => JsonDocument.Parse(File.ReadAllText(Goldens.Require("degradation", "sizes.json")));
}
