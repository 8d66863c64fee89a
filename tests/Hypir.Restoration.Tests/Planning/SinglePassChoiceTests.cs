using Hypir.Networks.SinglePass.Compact;
using Hypir.Networks.SinglePass.DruNet;
using Hypir.Planning;
using Hypir.Planning.Outlines;

namespace Hypir.Restoration.Tests.Planning;

/// <summary>Tiles of single-pass networks trade the time for what surrounds them against memory.</summary>
[TestClass]
public sealed class SinglePassChoiceTests
{
    private static readonly DruNetOutline Wide = new()
    {
        Scale = 1,
        InChannels = 3,
        OutChannels = 3,
        ReadsNoiseMap = false,
        Widths = [32, 64, 96, 160],
        ResidualBlocks = 2,
    };

    private static readonly CompactOutline Narrow = new() { Scale = 4, InChannels = 3, OutChannels = 3, Features = 64, Convolutions = 32 };

    [TestMethod]
    public void A_photo_is_not_computed_twice_to_save_little_memory()
    {
        (double used, double gigabytes) = Best(Wide, 4000, 3000);
        Assert.IsGreaterThan(0.55, used);
        Assert.IsLessThan(1.6, gigabytes);
    }

    [TestMethod]
    public void A_small_image_is_one_tile() => Assert.AreEqual(1, Best(Narrow, 512, 512).Used);

    [TestMethod]
    public void A_network_that_sees_little_needs_no_large_tiles() => Assert.IsLessThan(1.2, Best(Narrow, 4000, 3000).Gigabytes);

    /// <summary>Machines with little memory find smaller tiles further down the list.</summary>
    [TestMethod]
    public void Small_tiles_are_among_the_choices() =>
        Assert.IsLessThan(0.1, Choices(Wide, 4000, 3000).Min(passes => Gigabytes(passes[0])));

    private static (double Used, double Gigabytes) Best(SinglePassOutline network, int width, int height)
    {
        PassPlan pass = Choices(network, width, height).First()[0];
        (int rows, int columns) = (pass.Stage.Tiles.Rows.Tile, pass.Stage.Tiles.Columns.Tile);
        return ((double)width * height / ((double)pass.Stage.Tiles.Count * rows * columns), Gigabytes(pass));
    }

    private static IEnumerable<IReadOnlyList<PassPlan>> Choices(SinglePassOutline network, int width, int height)
    {
        PixelSize input = new(width, height), scaled = new(network.Scale * width, network.Scale * height);
        return SinglePassPlanner.Choices(network, ImageSizes.Unmodeled(input, scaled, network.Scale), new(), sizeof(float));
    }

    /// <summary>As the plan counts them; the rewritten network's need is similar.</summary>
    private static double Gigabytes(PassPlan pass) => pass.Stage.Cost.PeakElements * sizeof(float) / 1e9;
}
