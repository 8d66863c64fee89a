using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

[TestClass]
public sealed class TilingTests : TensorTest
{
    private const double Tolerance = 1e-12;

    /// <summary>
    /// The functions that the reference's tiled function was tried with; the case's text gives their sizes and strides.
    /// </summary>
    private static readonly Dictionary<string, (TileScale Scale, BlendKind Kind, Func<Tensor, Tensor> Function)> Functions = new()
    {
        ["same"] = (TileScale.Same, BlendKind.ReferenceGaussian, x => x * x.mean()),
        ["down2"] = (new(1, 2), BlendKind.ReferenceGaussian, x => nn.functional.avg_pool2d(x, 2) - x.mean()),
        ["up2"] = (new(2, 1), BlendKind.ReferenceGaussian, x =>
            x.repeat_interleave(2, 2).repeat_interleave(2, 3) * (1 + x.amax([0, 1, 2, 3]))
        ),
    };

    [TestMethod]
    [TestCategory("Golden")]
    public void Windows_are_the_references()
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Goldens.Require("tiling", "windows.json")));
        Assert.AreNotEqual(0, cases.RootElement.GetArrayLength());
        foreach (var item in cases.RootElement.EnumerateArray())
        {
            int Of(string name) => item.GetProperty(name).GetInt32();
            var expected = item.GetProperty("windows").EnumerateArray().Select(w => w.EnumerateArray().Select(n => n.GetInt32()).ToArray())
                .Select(w => new TileWindow(w[0], w[1], w[2], w[3])).ToArray();
            var grid = TileGrid.Cover(Of("height"), Of("width"), Of("size"), Of("stride"));
            CollectionAssert.AreEqual(expected, grid.Windows().ToArray(), item.ToString());
            Assert.AreEqual(expected.Length, grid.Count);
        }
    }

    [TestMethod]
    [TestCategory("Golden")]
    public void Weights_are_the_references()
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("tiling", "tiling.safetensors"));
        IReadOnlyList<string> names = golden.Names("weights.");
        Assert.AreNotEqual(0, names.Count);
        foreach (string name in names)
        {
            int size = int.Parse(name["weights.".Length..], CultureInfo.InvariantCulture);
            Tensor weights = BlendWeights.Map(BlendKind.ReferenceGaussian, TileGrid.Cover(size, size, size, size), 0, 0);
            if (golden.Case.TryGetProperty($"weights_{size}_columns", out var columns))
                weights = weights.index_select(1, tensor(columns.EnumerateArray().Select(c => c.GetInt64()).ToArray()));
            Console.WriteLine($"{name}: {Numbers.AssertClose(golden[name], weights, Tolerance, name):g3}");
        }
    }

    [TestMethod]
    [TestCategory("Golden")]
    public void Tiled_functions_give_the_references_numbers()
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("tiling", "tiling.safetensors"));
        Tensor x = golden["in.x"];
        foreach ((string name, var (scale, kind, function)) in Functions)
        {
            // "tile*mean(tile), size 16, stride 8": an entry that says nothing of a number has that of "same".
            int Number(string word) =>
                new[] { name, "same" }
                    .Select(entry => Regex.Match(golden.Case.GetProperty(entry).GetString()!, word + @" (\d+)"))
                    .Where(match => match.Success)
                    .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
                    .First();
            var grid = TileGrid.Cover((int)x.shape[2], (int)x.shape[3], Number("size"), Number("stride"));
            Tensor y = Apply(x, grid, scale, new TileBlender(scale.Of(grid), kind, x.dtype, float32), function);
            Console.WriteLine($"{name}: {Numbers.AssertClose(golden[$"out.{name}"], y, Tolerance, name):g3}");
        }
    }

    [TestMethod]
    [DataRow(40, 56, 16, 8)]
    [DataRow(37, 50, 16, 16)]
    [DataRow(33, 16, 16, 5)]
    [DataRow(7, 50, 16, 12)]
    [DataRow(9, 9, 16, 16)]
    public void What_all_tiles_agree_on_is_not_changed(int height, int width, int tile, int stride)
    {
        using var scope = NewDisposeScope();
        Tensor x = randn([2, 3, height, width], float64);
        foreach (BlendKind kind in Enum.GetValues<BlendKind>())
        {
            var grid = TileGrid.Cover(height, width, tile, stride);
            Tensor y = Apply(x, grid, TileScale.Same, new TileBlender(grid, kind, float64, float64), t => t.clone());
            Numbers.AssertClose(x, y, 1e-14, $"{kind}");
        }
    }

    [TestMethod]
    public void Rows_come_in_order_once_and_no_more_than_a_tile_high()
    {
        using var scope = NewDisposeScope();
        var grid = TileGrid.Cover(70, 20, 16, 6);
        int next = 0;
        new TileBlender(grid, BlendKind.Ramp, float32, float32).Run(
            (_, _) => ones(1, 1, 16, 16),
            (start, rows) =>
            {
                Assert.AreEqual(next, start);
                Assert.IsTrue(rows.shape[2] <= 16);
                next += (int)rows.shape[2];
            });
        Assert.AreEqual(70, next);
    }

    [TestMethod]
    public void A_single_tile_is_handed_through()
    {
        using var scope = NewDisposeScope();
        Tensor x = randn(1, 3, 11, 13);
        var grid = TileGrid.Cover(11, 13, 16, 8);
        Tensor y = Apply(x, grid, TileScale.Same, new TileBlender(grid, BlendKind.Ramp, float32, float32), t => t.clone());
        Assert.IsTrue(x.equal(y).all().item<bool>(), "Blending a single tile can only add rounding errors.");
    }

    /// <summary>Applies a function to overlapping tiles and blends the results, as the reference's <c>make_tiled_fn</c> does.</summary>
    private static Tensor Apply(Tensor x, TileGrid grid, TileScale scale, TileBlender blender, Func<Tensor, Tensor> function)
    {
        using TileBlender blending = blender;
        using var scope = NewDisposeScope();
        var rows = new RowCollector(scale.Of(grid.Rows.Length), scope);
        blending.Run((row, column) => function(TensorTiles.Cut(x, grid.Window(row, column))), rows.Add);
        return rows.Whole.MoveToOuterDisposeScope();
    }
}
