using System.Numerics;
using Hypir.Networks.Fast;
using Hypir.Planning.Cost;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>
/// Each way through a transformed convolution against a direct one in float64, called directly: which one a network takes depends on its
/// widths, its maps and the processor.
/// </summary>
[TestClass]
public sealed unsafe class WinogradPassTests : TensorTest
{
    /// <summary>Rounding in float64.</summary>
    private const double Exact = 1e-12;

    private const int Groups = 4;

    private const double Epsilon = 1e-3;

    private static readonly (int Height, int Width)[] Sizes = [(1, 1), (19, 6), (5, 29)];

    [TestMethod]
    [DataRow(16, 16)]
    [DataRow(48, 16)]
    [DataRow(16, 112)]
    [DataRow(128, 128)]
    public void Few_channels(int inputs, int outputs) => Both(inputs, outputs, new Narrow());

    [TestMethod]
    [DataRow(16, 16)]
    [DataRow(144, 48)]
    [DataRow(272, 48)]
    public void Many_channels_and_few_tiles(int inputs, int outputs) => Both(inputs, outputs, new Wide());

    /// <summary>Blocks so small that a map of the larger sizes takes several.</summary>
    [TestMethod]
    [DataRow(16, 16, 1L << 16)]
    [DataRow(48, 32, 1L << 20)]
    [DataRow(144, 80, 6L << 20)]
    public void Many_channels_and_tiles(int inputs, int outputs, long blockBytes) => Both(inputs, outputs, new Many(blockBytes));

    /// <summary>The library's fastest product errs for some of these widths with some numbers of threads.</summary>
    [TestMethod]
    [DataRow(64, 80)]
    [DataRow(64, 208)]
    [DataRow(320, 320)]
    public void Many_channels_with_any_number_of_threads(int inputs, int outputs)
    {
        int before = get_num_threads();
        try
        {
            foreach (int threads in new[] { 1, 2, 3, 8 })
            {
                set_num_threads(threads);
                foreach ((int height, int width) in new[] { (4, 4), (13, 22) })
                    Check<float>(
                        new(inputs, outputs, height, width, height, width, 0), new Many(64L << 20), normalises: false, Addend.None);
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static void Both(int inputs, int outputs, Way way)
    {
        foreach ((int height, int width) in Sizes)
            foreach (int halve in new[] { 0, 1 })
                foreach (bool norm in way.TakesNorms ? new[] { false, true } : [false])
                {
                    // One row and column less than twice as many: what a network makes of a map of odd size.
                    var shape = new WinogradShape(
                        inputs, outputs, height, width, (height << halve) - halve, (width << halve) - halve, halve);
                    Check<float>(shape, way, norm, Addend.Residual);
                    if (height != Sizes[^1].Height)
                        continue;
                    Check<float>(shape, way, norm, Addend.None);
                    Check<double>(shape, way, norm, Addend.Residual);
                    if (way.TakesShortcuts)
                        Check<float>(shape, way, norm, Addend.Shortcut);
                }
    }

    private static void Check<T>(WinogradShape shape, Way way, bool normalises, Addend addend)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int batch = 2;
        string what = $"{typeof(T).Name}, {shape}, norm {normalises}, {addend}";
        ScalarType type = typeof(T) == typeof(float) ? float32 : float64;
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var generator = new Generator(1);
        using var weights = new LayerWeights(new Dictionary<string, long[]>
        {
            ["bias"] = [shape.Outputs],
            ["norm.bias"] = [shape.Inputs],
            ["norm.weight"] = [shape.Inputs],
            ["shortcut"] = [shape.Inputs + 16, shape.Outputs],
            ["weight"] = [shape.Outputs, shape.Inputs, 3, 3],
        });
        Tensor x = randn([batch, shape.SourceHeight, shape.SourceWidth, shape.Inputs], type, generator: generator).add_(0.5);
        Tensor residual = randn([batch, shape.Height, shape.Width, shape.Outputs], type, generator: generator);
        Tensor other = randn([batch, shape.Height, shape.Width, shape.Inputs + 16], type, generator: generator);
        var norm = new FastNorm(weights.Kept, weights.In(type)["norm"], Groups, shape.Inputs, Epsilon, "silu");
        Tensor bias = weights.Tensor("bias", type), kernels = weights.Tensor("weight", type), matrix = weights.Tensor("shortcut", type);
        var shortcut = new Shortcut(new FastMap(other), matrix);
        var map = new FastMap(x);
        Tensor y = full([batch, shape.Height, shape.Width, shape.Outputs], double.NaN, type);
        WinogradJob<T>[] jobs = [.. Enumerable.Range(0, batch).Select(image => new WinogradJob<T>
        {
            Source = normalises ? null : TensorMemory.Pointer<T>(x) + image * shape.SourceHeight * shape.SourcePitch,
            Rows = normalises ? new NormalRows<T>(map, image, norm) : null,
            Bias = TensorMemory.Pointer<T>(bias),
            Residual = addend == Addend.Residual ? TensorMemory.Pointer<T>(residual) + image * shape.Height * shape.Pitch : null,
            Shortcut = addend == Addend.Shortcut ? new ShortcutRows<T>(shortcut, image) : null,
            Target = TensorMemory.Pointer<T>(y) + image * shape.Height * shape.Pitch,
        })];
        IReadOnlyList<ChannelMoments>? moments = way.Run(jobs, kernels, shape, weights.Kept.Maps);
        if (type == float32)
            Float32Errors.Compare(
                Direct(float64), Direct(float32), y, what, shape.Inputs >= 128 ? Float32Errors.WideRoom : Float32Errors.Room);
        else
            Numbers.AssertClose(Direct(float64), y, Exact, what);
        for (int image = 0; image < (moments?.Count ?? 0); image++)
            AssertMoments<T>(moments![image], y[image].to(float64).flatten(0, 1), what);

        Tensor Direct(ScalarType of)
        {
            Tensor first = x.to(of).permute(0, 3, 1, 2);
            if (normalises)
                first = nn.functional.silu(
                    nn.functional.group_norm(first, Groups, weights.Tensor("norm.weight", of), weights.Tensor("norm.bias", of), Epsilon));
            if (shape.Halve == 1)
                first = nn.functional.interpolate(
                    first,
                    size: [2 * shape.SourceHeight, 2 * shape.SourceWidth],
                    mode: InterpolationMode.Nearest
                )[.., .., ..shape.Height, ..shape.Width];
            Tensor result = nn.functional.conv2d(first, kernels.to(of), bias.to(of), padding: [1, 1]).permute(0, 2, 3, 1);
            return addend switch
            {
                Addend.Residual => result + residual.to(of),
                Addend.Shortcut => result + other.to(of).matmul(matrix.to(of)),
                _ => result,
            };
        }
    }

    /// <summary>What the next normalization would make of one channel a group: (x - mean) / √(variance + epsilon).</summary>
    private static void AssertMoments<T>(ChannelMoments moments, Tensor values, string what)
        where T : unmanaged
    {
        int channels = (int)values.shape[1];
        using var weights = new LayerWeights(new Dictionary<string, long[]> { ["bias"] = [channels], ["weight"] = [channels] });
        var norm = new FastNorm(weights.Kept, weights.In(float64), channels, channels, Epsilon, null);
        Tensor scale = empty([channels], float64), shift = empty([channels], float64);
        moments.Affine(norm, TensorMemory.Pointer<double>(scale), TensorMemory.Pointer<double>(shift));
        Tensor mean = values.mean([0L]),
            expected = weights.Tensor("weight", float64) / ((values - mean).square().mean([0L]) + Epsilon).sqrt();
        double tolerance = typeof(T) == typeof(float) ? Float32Errors.Room : Exact;
        Numbers.AssertClose(expected, scale, tolerance, $"{what}, scale");
        Numbers.AssertClose(weights.Tensor("bias", float64) - mean * expected, shift, tolerance, $"{what}, shift");
    }

    private enum Addend
    {
        None,
        Residual,
        Shortcut,
    }

    /// <summary>A way through the convolution.</summary>
    private abstract class Way
    {
        public virtual bool TakesNorms => true;

        public virtual bool TakesShortcuts => false;

        /// <summary>Convolves, and tells the results' moments where the way knows them.</summary>
        public abstract IReadOnlyList<ChannelMoments>? Run<T>(WinogradJob<T>[] jobs, Tensor weight, WinogradShape shape, MapMemory memory)
            where T : unmanaged, IFloatingPointIeee754<T>;

        protected static Tensor Transformed(Tensor weight)
        {
            Tensor kernels = empty([FastKernels.Products, weight.shape[0], weight.shape[1]], weight.dtype);
            WinogradKernels.Transform(weight, kernels);
            return kernels;
        }
    }

    private sealed class Narrow : Way
    {
        public override bool TakesShortcuts => true;

        public override IReadOnlyList<ChannelMoments> Run<T>(WinogradJob<T>[] jobs, Tensor weight, WinogradShape shape, MapMemory memory)
        {
            Tensor kernels = Transformed(weight).transpose(1, 2).contiguous();
            var pass = new FewChannelsConvolution<T>(TensorMemory.Pointer<T>(kernels), shape, memory);
            return [.. jobs.Select(pass.RunWithMoments)];
        }
    }

    private sealed class Wide : Way
    {
        public override bool TakesNorms => false;

        public override IReadOnlyList<ChannelMoments>? Run<T>(WinogradJob<T>[] jobs, Tensor weight, WinogradShape shape, MapMemory memory)
        {
            new FewTilesConvolution<T>(TensorMemory.Pointer<T>(weight), shape, memory).Run(jobs);
            return null;
        }
    }

    private sealed class Many(long blockBytes) : Way
    {
        public override IReadOnlyList<ChannelMoments>? Run<T>(WinogradJob<T>[] jobs, Tensor weight, WinogradShape shape, MapMemory memory)
        {
            new GroupedProductConvolution<T>(Transformed(weight).view(-1, weight.shape[1], 1, 1), shape, memory, blockBytes).Run(jobs);
            return null;
        }
    }
}
