using System.Numerics;
using Hypir.Planning.Cost;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// A 3x3 convolution with padding 1 of channels-last maps, by <see cref="WinogradTransform{T}"/>: mathematically exact, with a quarter of
/// the multiplications. A preceding norm is applied to rows while they are in the cache; nearest-neighbor enlargement only changes which
/// rows are read.
/// </summary>
internal sealed class Winograd
{
    /// <summary>
    /// The number of tiles (of all images) above which the library's products, each of which reads its transformed kernels from memory
    /// once, are faster than <see cref="FewTilesConvolution{T}"/>.
    /// </summary>
    private const long ManyTiles = 1024;

    private readonly Tensor _kernels;
    private readonly MapMemory _memory;
    private readonly int _inputs;
    private readonly int _outputs;

    /// <summary>
    /// Transforms the kernels if there are few channels. With many channels they are transformed on use: stored, they would take four times
    /// the weights' memory.
    /// </summary>
    /// <param name="kept">Owns retained tensors.</param>
    /// <param name="weight">(K, C, 3, 3), with channels that are multiples of <see cref="FastConv.Lanes"/>.</param>
    public Winograd(KeptTensors kept, Tensor weight)
    {
        (_outputs, _inputs, _memory) = ((int)weight.shape[0], (int)weight.shape[1], kept.Maps);
        IsNarrow = FastKernels.IsNarrow(_inputs, _outputs);
        using Tensor plain = weight.contiguous();
        if (!IsNarrow)
        {
            _kernels = kept.Keep(plain.alias());
            return;
        }

        using Tensor kernels = empty([FastKernels.Products, _outputs, _inputs], weight.dtype);
        WinogradKernels.Transform(plain, kernels);
        _kernels = kept.Keep(kernels.transpose(1, 2).contiguous());
    }

    /// <summary>
    /// Whether it has so few channels that each thread goes from map to result on its own. Only such convolutions include a shortcut and
    /// report their result's moments.
    /// </summary>
    public bool IsNarrow { get; }

    /// <summary>Computes the convolution.</summary>
    /// <param name="x">The map; half as high and wide if it is enlarged. In one tensor if there is no norm.</param>
    /// <param name="bias">(K).</param>
    /// <param name="norm">Applied first, or null.</param>
    /// <param name="residual">Added to the result, (B, H, W, K), or null.</param>
    /// <param name="shortcut">Applied to a map of the result's size and added to the result, or null.</param>
    /// <param name="enlarged">Height and width of the enlarged map, or null.</param>
    /// <returns>(B, H, W, K), owned by the caller.</returns>
    public FastMap Forward(
        FastMap x, Tensor bias, FastNorm? norm = null, Tensor? residual = null, Shortcut? shortcut = null,
        (long Height, long Width)? enlarged = null) =>
        bias.dtype == ScalarType.Float32
            ? Run<float>(x, bias, norm, residual, shortcut, enlarged)
            : Run<double>(x, bias, norm, residual, shortcut, enlarged);

    private unsafe FastMap Run<T>(
        FastMap x, Tensor bias, FastNorm? norm, Tensor? residual, Shortcut? shortcut, (long Height, long Width)? enlarged)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (long height, long width) = enlarged ?? (x.Height, x.Width);
        using var scope = NewDisposeScope();
        var shape = new WinogradShape(_inputs, _outputs, (int)x.Height, (int)x.Width, (int)height, (int)width, enlarged is null ? 0 : 1);
        bool few = !IsNarrow && x.Batch * shape.TileRows * shape.TileColumns < ManyTiles && TensorMemory.SupportsSimd(_kernels);
        // Each tile is transformed once for all outputs, so rows are normalized once for all of them.
        if (few && norm is not null)
            (x, norm) = (new(norm.Apply(x)), null);
        Tensor y = _memory.Rent([x.Batch, height, width, _outputs], bias.dtype, out IDisposable lease);
        long results = height * width * _outputs;
        var jobs = new WinogradJob<T>[x.Batch];
        for (int image = 0; image < x.Batch; image++)
        {
            jobs[image] = new WinogradJob<T>
            {
                Source = norm is null ? TensorMemory.Pointer<T>(x.Parts[0].Values) + image * x.Height * x.Width * _inputs : null,
                Rows = norm is null ? null : new NormalRows<T>(x, image, norm),
                Bias = TensorMemory.Pointer<T>(bias),
                Residual = residual is null ? null : TensorMemory.Pointer<T>(residual) + image * results,
                Shortcut = shortcut is null ? null : new ShortcutRows<T>(shortcut, image),
                Target = TensorMemory.Pointer<T>(y) + image * results,
            };
        }

        if (IsNarrow)
        {
            var narrow = new FewChannelsConvolution<T>(TensorMemory.Pointer<T>(_kernels), shape, _memory);
            return new FastMap(y, [.. jobs.Select(narrow.RunWithMoments)], lease).MoveToOuterDisposeScope();
        }

        if (few)
            new FewTilesConvolution<T>(TensorMemory.Pointer<T>(_kernels), shape, _memory).Run(jobs);
        else
            RunMany(shape, jobs);
        return new FastMap(y, lease: lease).MoveToOuterDisposeScope();
    }

    private unsafe void RunMany<T>(WinogradShape shape, WinogradJob<T>[] jobs)
        where T : unmanaged, INumberBase<T>
    {
        using var scope = NewDisposeScope();
        Tensor kernels = _memory.Rent([FastKernels.Products * _outputs, _inputs, 1, 1], _kernels.dtype, out IDisposable lease);
        using IDisposable rented = lease;
        WinogradKernels.Transform(_kernels, kernels);
        new GroupedProductConvolution<T>(kernels, shape, _memory, FastKernels.BlockBytes(kernels.numel() * sizeof(T))).Run(jobs);
    }
}

/// <summary>The inputs and outputs of one image's pass through a <see cref="Winograd"/> convolution.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class WinogradJob<T>
    where T : unmanaged
{
    /// <summary>The map, (source height, source width, C), if it is read directly; otherwise null.</summary>
    public required T* Source { get; init; }

    /// <summary>The map after the norm, or null if there is no norm.</summary>
    public required NormalRows<T>? Rows { get; init; }

    /// <summary>(K).</summary>
    public required T* Bias { get; init; }

    /// <summary>The residual to add, (height, width, K), or null.</summary>
    public required T* Residual { get; init; }

    /// <summary>The shortcut to compute and add, or null.</summary>
    public required ShortcutRows<T>? Shortcut { get; init; }

    /// <summary>
    /// The factor of each channel's negative results after all sums, (K), or null. Only <see cref="FewChannelsConvolution{T}"/> applies it.
    /// </summary>
    public T* Slopes { get; init; }

    /// <summary>(height, width, K), written.</summary>
    public required T* Target { get; init; }
}

/// <summary>Sizes of a <see cref="Winograd"/> convolution of one image.</summary>
/// <param name="Inputs">Channels of the input.</param>
/// <param name="Outputs">Channels of the result.</param>
/// <param name="SourceHeight">Rows in memory.</param>
/// <param name="SourceWidth">Columns in memory.</param>
/// <param name="Height">Rows of the map and the result: if enlarged, twice those in memory, or one less.</param>
/// <param name="Width">Columns of the map and of the result.</param>
/// <param name="Halve">1 if each pixel in memory stands for a 2x2 block, otherwise 0.</param>
internal sealed record WinogradShape(int Inputs, int Outputs, int SourceHeight, int SourceWidth, int Height, int Width, int Halve)
{
    private const int Results = 4;

    /// <summary>Elements from one column in memory to the next: more than the inputs if they are some channels of a wider map.</summary>
    public int SourceStep { get; init; } = Inputs;

    /// <summary>Elements from one column of the result to the next: more than the outputs if they are part of a wider map.</summary>
    public int Step { get; init; } = Outputs;

    /// <summary>Rows of tiles.</summary>
    public int TileRows => (Height + Results - 1) / Results;

    /// <summary>Tiles in a row.</summary>
    public int TileColumns => (Width + Results - 1) / Results;

    /// <summary>Elements from one row in memory to the next.</summary>
    public long SourcePitch => (long)SourceWidth * SourceStep;

    /// <summary>Elements from one row of the result to the next.</summary>
    public long Pitch => (long)Width * Step;

    /// <summary>The first row in memory that a row of tiles reads.</summary>
    public int FirstSourceRow(int tileRow) => Math.Max(0, (Results * tileRow - 1) >> Halve);

    /// <summary>The end (exclusive) of the rows in memory that the tile rows before this one read.</summary>
    public int EndSourceRow(int endTileRow) => Math.Min(SourceHeight, ((Results * endTileRow) >> Halve) + 1);
}
