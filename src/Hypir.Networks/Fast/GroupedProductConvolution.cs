using System.Numerics;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// A pass through a <see cref="Winograd"/> convolution, some rows of tiles at a time. Its products are a grouped 1x1 convolution of the
/// library, which is its fastest product on a CPU, or a batch of matrix products where that one gives wrong results.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class GroupedProductConvolution<T>
    where T : unmanaged, INumberBase<T>
{
    private const int Results = WinogradTransform<T>.Results;
    private const int Inputs = WinogradTransform<T>.Inputs;
    private const int Products = WinogradTransform<T>.Products;

    private readonly Tensor _kernels;
    private readonly WinogradShape _shape;
    private readonly MapMemory _memory;
    private readonly int _rowsTogether;
    private readonly int _imagesTogether;

    /// <summary>Whether the library's fastest product was found to be wrong.</summary>
    private bool _distrusts;

    /// <summary>Describes the pass.</summary>
    /// <param name="kernels">(36·K, C, 1, 1).</param>
    /// <param name="shape">Channels and sizes.</param>
    /// <param name="memory">Provides scratch memory.</param>
    /// <param name="blockBytes">Limit on transformed tiles and their products in bytes.</param>
    public GroupedProductConvolution(Tensor kernels, WinogradShape shape, MapMemory memory, long blockBytes)
    {
        (_kernels, _shape, _memory) = (kernels, shape, memory);
        long row = (long)shape.TileColumns * Products * (shape.Inputs + shape.Outputs) * sizeof(T);
        int blocks = (int)Math.Clamp((shape.TileRows * row + blockBytes - 1) / blockBytes, 1, shape.TileRows);
        _rowsTogether = (shape.TileRows + blocks - 1) / blocks;
        _imagesTogether = (int)Math.Max(blockBytes / (shape.TileRows * row), 1);
    }

    /// <summary>Convolves.</summary>
    /// <param name="jobs">Images; small ones share the products, so that the kernels are read once for all of them.</param>
    public void Run(IReadOnlyList<WinogradJob<T>> jobs)
    {
        using var scope = NewDisposeScope();
        ScalarType type = _kernels.dtype;
        int stripRows = (Results * _rowsTogether + 2) / (1 + _shape.Halve) + 2, most = Math.Min(_imagesTogether, jobs.Count);
        IDisposable? stripLease = null;
        Tensor? strip = jobs[0].Rows is null ? null : _memory.Rent([stripRows, _shape.SourceWidth, _shape.Inputs], type, out stripLease);
        Tensor inputs = _memory.Rent(
            [(long)most * _rowsTogether * _shape.TileColumns, Products * _shape.Inputs], type, out IDisposable lease);
        using IDisposable rented = lease,
            rentedStrip = stripLease ?? lease;
        for (int image = 0; image < jobs.Count; image += most)
        {
            WinogradJob<T>[] together = [.. jobs.Skip(image).Take(most)];
            for (int first = 0; first < _shape.TileRows; first += _rowsTogether)
                Block(together, first, Math.Min(_rowsTogether, _shape.TileRows - first), strip, inputs);
        }
    }

    /// <summary>Computes some rows of tiles of each image.</summary>
    private void Block(WinogradJob<T>[] jobs, int first, int rows, Tensor? strip, Tensor inputs)
    {
        using var scope = NewDisposeScope();
        int tiles = rows * _shape.TileColumns;
        Tensor block = inputs.narrow(0, 0, (long)jobs.Length * tiles);
        T* start = TensorMemory.Pointer<T>(block);
        for (int i = 0; i < jobs.Length; i++)
        {
            Source source = strip is null ? new(jobs[i].Source, 0) : Normalise(jobs[i].Rows!, first, rows, TensorMemory.Pointer<T>(strip));
            Transform(source, first, rows, start + (long)i * tiles * Products * _shape.Inputs);
        }

        T* products = TensorMemory.Pointer<T>(Multiply(block));
        for (int i = 0; i < jobs.Length; i++)
            Finish(products + (long)i * tiles * Products * _shape.Outputs, first, rows, jobs[i]);
    }

    /// <summary>Normalizes the source rows that a block of tile rows reads.</summary>
    private Source Normalise(NormalRows<T> map, int first, int rows, T* strip)
    {
        int top = _shape.FirstSourceRow(first), bottom = _shape.EndSourceRow(first + rows);
        ParallelLoop.Run(bottom - top, (from, to) =>
            map.Write((long)(top + from) * _shape.SourceWidth, (to - from) * _shape.SourceWidth, strip + from * _shape.SourcePitch));
        return new(strip, top);
    }

    private void Transform(Source source, int first, int rows, T* target)
    {
        long pitch = _shape.SourcePitch;
        ParallelLoop.Run(rows * _shape.TileColumns, (from, to) =>
        {
            T** lines = stackalloc T*[Inputs];
            for (int tile = from; tile < to; tile++)
            {
                int top = Results * (first + tile / _shape.TileColumns) - 1;
                for (int i = 0; i < Inputs; i++)
                    lines[i] =
                        (uint)(top + i) < (uint)_shape.Height ? source.Start + (((top + i) >> _shape.Halve) - source.Top) * pitch : null;
                WinogradTransform<T>.Input(
                    lines, _shape.Width, _shape.Inputs, _shape.Inputs, Results * (tile % _shape.TileColumns) - 1, _shape.Halve,
                    target + (long)tile * Products * _shape.Inputs, _shape.Inputs);
            }
        });
    }

    /// <summary>One matrix product for each of the 36 positions.</summary>
    private Tensor Multiply(Tensor block)
    {
        if (!_distrusts)
        {
            Tensor map = block.unsqueeze(0).unsqueeze(0).permute(0, 3, 1, 2);
            Tensor products = nn.functional.conv2d(map, _kernels, groups: Products).permute(0, 2, 3, 1).contiguous();
            if (IsRight(TensorMemory.Pointer<T>(block), (int)block.shape[0], TensorMemory.Pointer<T>(products)))
                return products;
            _distrusts = true;
        }

        Tensor tiles = block.view(-1, Products, _shape.Inputs).transpose(0, 1),
            kernels = _kernels.view(Products, _shape.Outputs, _shape.Inputs).transpose(1, 2);
        return tiles.bmm(kernels).transpose(0, 1).contiguous();
    }

    /// <summary>
    /// Checks the products of the first and last tile at the first and last position. oneDNN 3.7.1's brgconv_1x1 kernel computes the last
    /// outputs of every tile and position wrongly for some numbers of outputs, tiles and threads, such as 80 outputs with two threads.
    /// </summary>
    private bool IsRight(T* tiles, int count, T* products)
    {
        T* kernels = TensorMemory.Pointer<T>(_kernels);
        foreach (int tile in new[] { 0, count - 1 })
            foreach (int position in new[] { 0, Products - 1 })
            {
                long place = (long)tile * Products + position;
                for (int output = 0; output < _shape.Outputs; output++)
                {
                    T* kernel = kernels + ((long)position * _shape.Outputs + output) * _shape.Inputs;
                    if (!IsProduct(products[place * _shape.Outputs + output], tiles + place * _shape.Inputs, kernel))
                        return false;
                }
            }

        return true;
    }

    /// <summary>
    /// Whether a number matches the product of a tile's and a kernel's channels; wrong products are off by far more than rounding.
    /// Non-finite numbers are accepted.
    /// </summary>
    private bool IsProduct(T value, T* tile, T* kernel)
    {
        const double beyondRounding = 1e-3;
        double sum = 0, size = 0;
        for (int i = 0; i < _shape.Inputs; i++)
        {
            double term = double.CreateTruncating(tile[i]) * double.CreateTruncating(kernel[i]);
            (sum, size) = (sum + term, size + Math.Abs(term));
        }

        return !(Math.Abs(double.CreateTruncating(value) - sum) > beyondRounding * size);
    }

    private void Finish(T* start, int first, int rows, WinogradJob<T> job)
    {
        long pitch = _shape.Pitch;
        ParallelLoop.Run(rows * _shape.TileColumns, (from, to) =>
        {
            for (int tile = from; tile < to; tile++)
            {
                int top = Results * (first + tile / _shape.TileColumns), left = Results * (tile % _shape.TileColumns);
                long at = top * pitch + (long)left * _shape.Outputs;
                WinogradTransform<T>.Output(
                    start + (long)tile * Products * _shape.Outputs, _shape.Outputs, _shape.Outputs, job.Bias, null,
                    job.Residual is null ? null : job.Residual + at, job.Target + at, pitch, _shape.Outputs,
                    Math.Min(Results, _shape.Height - top), Math.Min(Results, _shape.Width - left));
            }
        });
    }

    /// <summary>Rows to read: a pointer to the first one, and its row index in the map.</summary>
    private readonly struct Source(T* start, int top)
    {
        public T* Start { get; } = start;

        public int Top { get; } = top;
    }
}
