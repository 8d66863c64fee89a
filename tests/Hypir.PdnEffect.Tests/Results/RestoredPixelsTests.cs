using System.Diagnostics;
using Hypir.Imaging;
using Hypir.PdnEffect.Tests.Support;
using Hypir.PdnEffect.ViewModel;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Running;

namespace Hypir.PdnEffect.Tests.Results;

/// <summary>What the effect gives is what <c>hypir restore</c> makes of the same region.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class RestoredPixelsTests : EngineBackedTest
{
    [TestMethod]
    [DataRow(0, 0, 150, 110, false)] // the whole layer
    [DataRow(70, 66, 21, 9, false)]
    [DataRow(75, 40, 1, 1, false)]
    [DataRow(148, 3, 2, 90, true)] // at the border
    [DataRow(0, 0, 150, 110, true)]
    public async Task They_are_those_of_hypir_restore_byte_for_byte(int x, int y, int width, int height, bool transparent)
    {
        var layer = new TestLayer(150, 110, 3, new(x, y, width, height), transparent);
        await Client.ConnectAsync(TestContext.CancellationToken);
        long start = Stopwatch.GetTimestamp();
        RestoredRegion result = await RegionRestorer.RestoreAsync(Client, layer, new(), null, null, TestContext.CancellationToken);
        TestContext.WriteLine(
            $"{Stopwatch.GetElapsedTime(start).TotalSeconds - result.ComputeSeconds:0.00} s beyond {result.ComputeSeconds:0.00} s of "
                + "computing, the model's loading among them"
        );
        AssertSame(layer, result, ByCommand(layer, result.Key.Context));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(37)]
    [DataRow(50)]
    [DataRow(99)]
    public async Task Strength_gives_the_bytes_of_hypir_restore_at_that_strength(int strength)
    {
        var layer = new TestLayer(150, 110, 6, transparent: true);
        RestoredRegion result = await RegionRestorer.RestoreAsync(Client, layer, new(), null, null, TestContext.CancellationToken);
        AssertSame(
            layer,
            result,
            ByCommand(layer, result.Key.Context, "--strength", FormattableString.Invariant($"{strength / 100.0}")),
            strength
        );
    }

    [TestMethod]
    public async Task At_double_resolution_they_are_the_means_of_four()
    {
        var layer = new TestLayer(90, 70, 4, new(20, 10, 50, 40));
        RestoredRegion result = await RegionRestorer.RestoreAsync(
            Client, layer, new() { Scale = 2 }, null, null, TestContext.CancellationToken);
        uint[] twice = ByCommand(layer, result.Key.Context, "--upscale", "2");
        int width = result.Key.Context.Width;
        AssertSame(
            layer,
            result,
            [
                .. Enumerable
                    .Range(0, twice.Length / 4)
                    .Select(i =>
                    {
                        int at = i / width * 4 * width + i % width * 2;
                        uint Mean(int shift) =>
                            (uint)
                                Math.Round(
                                    ((int[])[at, at + 1, at + 2 * width, at + 2 * width + 1]).Average(p =>
                                        (double)((twice[p] >> shift) & 255)
                                    ),
                                    MidpointRounding.AwayFromZero
                                ) << shift;
                        return Mean(0) | Mean(8) | Mean(16) | 0xFF000000;
                    }),
            ]
        );
    }

    [TestMethod]
    public async Task Another_color_space_is_left_and_come_back_to_with_alpha_as_it_was()
    {
        var layer = new TestLayer(80, 60, 5, new(10, 10, 40, 30), transparent: true, complement: true);
        RestoredRegion result = await RegionRestorer.RestoreAsync(Client, layer, new(), null, null, TestContext.CancellationToken);
        AssertSame(layer, result, [.. ByCommand(layer, result.Key.Context).Select(pixel => pixel ^ 0xFFFFFF)]);
    }

    private static void AssertSame(TestLayer layer, RestoredRegion result, uint[] expected, int strength = 100)
    {
        Region context = result.Key.Context, region = layer.Selection;
        int changed = 0;
        for (int y = 0; y < layer.Bounds.Height; y++)
        {
            uint[] row = layer.Pixels[(y * layer.Bounds.Width)..((y + 1) * layer.Bounds.Width)];
            uint[] before = [.. row];
            result.Blend(0, y, row, strength);
            for (int x = 0; x < row.Length; x++)
            {
                bool inside = x >= region.X && x < region.Right && y >= region.Y && y < region.Bottom;
                Assert.AreEqual(inside ? expected[(y - context.Y) * context.Width + x - context.X] : before[x], row[x], $"Pixel {x}, {y}");
                changed += row[x] == before[x] ? 0 : 1;
            }
        }
        Assert.AreEqual(strength > 0, changed > 0);
    }

    /// <summary>Cuts the context out, gives it to the command, and gives its pixels back.</summary>
    private uint[] ByCommand(TestLayer layer, Region context, params string[] more)
    {
        byte[] bgra = new byte[context.Area * 4], rgb = new byte[context.Area * 3], alpha = new byte[context.Area];
        layer.ReadSrgb(context.X, context.Y, context.Width, bgra);
        for (int i = 0; i < alpha.Length; i++)
            (rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2], alpha[i]) = (bgra[4 * i + 2], bgra[4 * i + 1], bgra[4 * i], bgra[4 * i + 3]);
        ImageFile.Save(new RasterImage(context.Width, context.Height, 8, rgb, alpha), Path.Combine(Folder, "in.png"));
        Restore("in.png", "out.png", more);
        RasterImage restored = ImageFile.Load(Path.Combine(Folder, "out.png"));
        return
        [
            .. Enumerable
                .Range(0, restored.Width * restored.Height)
                .Select(i =>
                    restored.Rgb[3 * i + 2]
                    | (uint)restored.Rgb[3 * i + 1] << 8
                    | (uint)restored.Rgb[3 * i] << 16
                    | (uint)(restored.Alpha?[i] ?? 255) << 24
                ),
        ];
    }
}
