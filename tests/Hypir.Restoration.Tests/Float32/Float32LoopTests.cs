using Hypir.Planning;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Float32;

/// <summary>
/// The pipeline's own loops in float32, at sizes that fill vectors and at sizes that leave a tail, against <see cref="Plain"/> in float64.
/// </summary>
[TestClass]
public sealed class Float32LoopTests : TensorTest
{
    /// <summary>
    /// What is computed in float64 and rounded once to float32: half a unit of its last digit, and a little more for the largest value.
    /// </summary>
    private const double RoundedOnce = 1e-7;

    /// <summary>
    /// Narrower than a vector, whole vectors, tails; narrower than the widest distance, and wider than twice that by a vector and a tail.
    /// </summary>
    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(5, 3)]
    [DataRow(3, 15)]
    [DataRow(33, 16)]
    [DataRow(40, 48)]
    [DataRow(67, 53)]
    public void Color_fix(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(11);
        Tensor x = rand([2, 3, height, width], generator: generator), reference = rand([2, 3, height, width], generator: generator);
        Tensor wide = x.to(float64), wideReference = reference.to(float64);
        string what = $"{height}x{width}";
        Float32Errors.Compare(Plain.Low(wide), Plain.Low(x), WaveletColorFix.Low(x), $"{what}, low frequencies");
        Tensor exact = Plain.ColorFix(wide, wideReference), plain = Plain.ColorFix(x, reference);
        Float32Errors.Compare(exact, plain, WaveletColorFix.Apply(x, reference), what);

        var collected = new RowCollector(height, scope);
        using var bands = new ColorFixBands(new TensorSource(reference), 9, (start, _, _, rows) => collected.Add(start, rows));
        for (int start = 0; start < height; start += 14)
            bands.Add(x.narrow(2, start, Math.Min(14, height - start)));
        Float32Errors.Compare(exact, plain, collected.Whole, $"{what}, in bands");
    }

    /// <summary>
    /// Two, three and four tiles at a position; neighbors that share all but one position, or nothing; the last tile nearer than the
    /// others.
    /// </summary>
    [TestMethod]
    [DataRow(37, 50, 16, 12)]
    [DataRow(64, 40, 32, 8)]
    [DataRow(33, 16, 16, 15)]
    [DataRow(48, 32, 16, 16)]
    [DataRow(21, 35, 20, 19)]
    [DataRow(9, 9, 16, 16)]
    public void Tiles_and_their_shares(int height, int width, int tile, int stride)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(12);
        TileGrid grid = TileGrid.Cover(height, width, tile, stride);
        Tensor[,] tiles = new Tensor[grid.Rows.Count, grid.Columns.Count];
        for (int row = 0; row < grid.Rows.Count; row++)
            for (int column = 0; column < grid.Columns.Count; column++)
            {
                tiles[row, column] = randn([2, 3, grid.Rows.Tile, grid.Columns.Tile], generator: generator);
                Tensor shares = tensor(Plain.Shares(grid.Rows, row)).outer(tensor(Plain.Shares(grid.Columns, column)));
                Numbers.AssertClose(shares, BlendWeights.Map(BlendKind.Ramp, grid, row, column), 1e-14, $"shares of tile {row}, {column}");
            }

        Tensor exact = Plain.Blend(grid, float64, (row, column) => tiles[row, column].to(float64));
        Tensor plain = Plain.Blend(grid, float32, (row, column) => tiles[row, column]);
        var collected = new RowCollector(height, scope);
        using var blender = new TileBlender(grid, BlendKind.Ramp, float32, float32);
        blender.Run((row, column) => tiles[row, column].clone(), collected.Add);
        Float32Errors.Compare(exact, plain, collected.Whole, $"{grid}");
    }

    /// <summary>The reference's Gaussian, whose weights are counted in float32 whatever the sums' type is.</summary>
    [TestMethod]
    [DataRow(37, 50, 16, 12)]
    [DataRow(16, 33, 16, 5)]
    [DataRow(9, 9, 16, 16)]
    public void Tiles_under_the_references_Gaussian(int height, int width, int tile, int stride)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(13);
        TileGrid grid = TileGrid.Cover(height, width, tile, stride);
        Tensor[] tiles = [.. grid.Windows().Select(_ => randn([1, 2, grid.Rows.Tile, grid.Columns.Tile], generator: generator))];
        Tensor Tile(int row, int column) => tiles[row * grid.Columns.Count + column];
        Tensor exact = Plain.BlendByGaussian(grid, float64, (row, column) => Tile(row, column).to(float64));
        Tensor plain = Plain.BlendByGaussian(grid, float32, Tile);
        var collected = new RowCollector(height, scope);
        using var blender = new TileBlender(grid, BlendKind.ReferenceGaussian, float32, float32);
        blender.Run((row, column) => Tile(row, column).clone(), collected.Add);
        Float32Errors.Compare(exact, plain, collected.Whole, $"{grid}");
    }

    /// <summary>Whole and broken vectors of positions, whole and broken fours of channels, far places, negative and wide seeds.</summary>
    [TestMethod]
    [DataRow(231L, 0, 0, 7, 8, 1, 4)]
    [DataRow(0L, 5, 3, 3, 23, 2, 3)]
    [DataRow(-1L, 1, 70_001, 2, 1, 1, 9)]
    [DataRow(long.MinValue + 5, 65_530, 12, 9, 33, 1, 16)]
    [DataRow(1L << 40, 0, 1, 40, 31, 1, 1)]
    public void Noise(long seed, int top, int left, int height, int width, int batch, int channels)
    {
        using var scope = NewDisposeScope();
        var window = new TileWindow(top, top + height, left, left + width);
        Tensor exact = PlainNoise.Draw(seed, window, batch, channels);
        Tensor noise = new NoiseField(seed).Draw(window, batch, channels, float32);
        Float32Errors.Compare(exact, exact.to(float32), noise, $"seed {seed}", RoundedOnce);
        Numbers.AssertClose(exact, new NoiseField(seed).Draw(window, batch, channels, float64), 1e-14, $"seed {seed} in float64");
    }

    [TestMethod]
    [DataRow(13, 11, 16, 16)]
    [DataRow(3, 40, 24, 40)]
    [DataRow(1, 2, 8, 8)]
    public void Padding(int height, int width, int paddedHeight, int paddedWidth)
    {
        using var scope = NewDisposeScope();
        Tensor image = rand(1, 3, height, width);
        var padded = new PixelSize(paddedWidth, paddedHeight);
        Tensor tile = new PaddedSource(new TensorSource(image), reflect: true).Tile(new(0, paddedHeight, 0, paddedWidth));
        Float32Errors.Compare(Plain.Padded(image.to(float64), padded), Plain.Padded(image, padded), tile, $"{padded}", RoundedOnce);
    }
}
