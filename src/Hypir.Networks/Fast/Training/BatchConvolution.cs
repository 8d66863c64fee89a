using static TorchSharp.torch;

namespace Hypir.Networks.Fast.Training;

/// <summary>
/// A 3x3 convolution with padding 1 of a batch of channels-last maps, for training: each thread takes tiles of any images from the map to
/// the result without leaving its cache, so that maps of a few tiles are as fast as large ones.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="grid">The maps' tiles.</param>
/// <param name="inputs">Channels of the source, a multiple of the vector length.</param>
/// <param name="outputs">Channels of the result, a multiple of the vector length.</param>
internal sealed unsafe class BatchConvolution<T>(BatchTiles grid, int inputs, int outputs)
    where T : unmanaged
{
    private const int Inputs = WinogradTransform<T>.Inputs;
    private const int Products = WinogradTransform<T>.Products;
    private const int Group = TileProducts<T>.RowBlock;

    /// <summary>Limit on a thread's transformed tiles and their products, unless the kernels exceed its cache.</summary>
    private const int BufferBytes = 384 << 10;

    /// <summary>From these bytes on, kernels come from a shared cache: more tiles at a time read them less often.</summary>
    private const long ManyKernelBytes = 1 << 20;

    /// <summary>Tiles at a time where kernels come from a shared cache.</summary>
    private const int ManyTiles = 4 * Group;

    /// <summary>Convolves.</summary>
    /// <param name="maps">What to read and to write.</param>
    /// <param name="kernels">(36, C, K), transformed.</param>
    public void Run(BatchMaps<T> maps, T* kernels)
    {
        int fit = BufferBytes / (Products * (inputs + outputs) * sizeof(T)),
            most = (long)Products * inputs * outputs * sizeof(T) < ManyKernelBytes ? fit : Math.Max(fit, ManyTiles),
            share = (grid.Tiles + get_num_threads() - 1) / get_num_threads(),
            together = Math.Max(1, Math.Min(most, share + Group - 1) / Group) * Group;
        using var memory = new MapMemory();
        using var own = new ThreadMemory<T>(memory, (long)together * Products * (inputs + outputs));
        own.Run((grid.Tiles + together - 1) / together, (from, to, room) =>
        {
            for (int block = from; block < to; block++)
                Block(maps, kernels, block * together, Math.Min(together, grid.Tiles - block * together), together, room);
        });
    }

    private void Block(BatchMaps<T> maps, T* kernels, int first, int count, int together, T* tiles)
    {
        T* products = tiles + (long)together * Products * inputs;
        TileSource<T>.Transform(grid, maps.Source, inputs, first, count, tiles, (long)together * inputs);
        // Whole groups of rows: the rows beyond the tiles are multiplied but never read.
        int rows = (count + Group - 1) / Group * Group;
        for (int p = 0; p < Products; p++)
            TileProducts<T>.Multiply(
                tiles + (long)p * together * inputs, rows, inputs, kernels + (long)p * inputs * outputs, outputs,
                products + (long)p * together * outputs);
        for (int i = 0; i < count; i++)
        {
            TilePlace place = grid[first + i];
            long at = grid.Pixel(place.Image, place.Row, place.Column) * outputs;
            WinogradTransform<T>.Output(
                products + (long)i * outputs, (long)together * outputs, outputs, maps.Bias, maps.Slopes,
                maps.Residual is null ? null : maps.Residual + at, maps.Target + at, (long)grid.Width * outputs, outputs, place.Height,
                place.Width, maps.Gate is null ? null : maps.Gate + at);
        }
    }
}

/// <summary>Transforms the inputs of a batch's tiles.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal static unsafe class TileSource<T>
    where T : unmanaged
{
    private const int Inputs = WinogradTransform<T>.Inputs;

    /// <summary>Transforms consecutive tiles.</summary>
    /// <param name="grid">The maps' tiles.</param>
    /// <param name="source">(B, H, W, C).</param>
    /// <param name="channels">C.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="count">Number of tiles.</param>
    /// <param name="target">(36, at least count, C), written.</param>
    /// <param name="between">Elements from one of the 36 parts to the next.</param>
    public static void Transform(BatchTiles grid, T* source, int channels, int first, int count, T* target, long between)
    {
        T** lines = stackalloc T*[Inputs];
        for (int i = 0; i < count; i++)
        {
            TilePlace place = grid[first + i];
            for (int y = 0; y < Inputs; y++)
            {
                int row = place.Row - 1 + y;
                lines[y] = (uint)row < (uint)grid.Height ? source + grid.Pixel(place.Image, row, 0) * channels : null;
            }

            WinogradTransform<T>.Input(lines, grid.Width, channels, channels, place.Column - 1, 0, target + (long)i * channels, between);
        }
    }
}

/// <summary>The maps of a <see cref="BatchConvolution{T}"/>.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class BatchMaps<T>
    where T : unmanaged
{
    /// <summary>(B, H, W, C).</summary>
    public required T* Source { get; init; }

    /// <summary>(K).</summary>
    public required T* Bias { get; init; }

    /// <summary>Added to the result, (B, H, W, K), or null.</summary>
    public T* Residual { get; init; }

    /// <summary>The factor of each channel's negative results after all sums, (K), or null.</summary>
    public T* Slopes { get; init; }

    /// <summary>Results become 0 where this is not above 0, (B, H, W, K); or null. It is the gradient of a rectifier.</summary>
    public T* Gate { get; init; }

    /// <summary>(B, H, W, K), written.</summary>
    public required T* Target { get; init; }
}
