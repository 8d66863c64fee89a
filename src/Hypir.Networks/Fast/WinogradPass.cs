using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>One picture's pass through a <see cref="Winograd"/> convolution, some rows of tiles at a time.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class WinogradPass<T>
    where T : unmanaged
{
    private const int Results = WinogradTransform<T>.Results;
    private const int Inputs = WinogradTransform<T>.Inputs;
    private const int Products = WinogradTransform<T>.Products;

    private readonly Tensor _kernels;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _sourceHeight;
    private readonly int _sourceWidth;
    private readonly int _height;
    private readonly int _width;
    private readonly int _halve;
    private readonly int _tileRows;
    private readonly int _tileColumns;
    private readonly int _rowsTogether;

    /// <summary>Describes the pass.</summary>
    public WinogradPass(Tensor kernels, int inputs, int outputs, int sourceHeight, int sourceWidth, int height, int width, int halve, long blockBytes)
    {
        (_kernels, _inputs, _outputs, _halve) = (kernels, inputs, outputs, halve);
        (_sourceHeight, _sourceWidth, _height, _width) = (sourceHeight, sourceWidth, height, width);
        (_tileRows, _tileColumns) = ((height + Results - 1) / Results, (width + Results - 1) / Results);
        long row = (long)_tileColumns * Products * (inputs + outputs) * sizeof(T);
        int blocks = (int)Math.Clamp((_tileRows * row + blockBytes - 1) / blockBytes, 1, _tileRows);
        _rowsTogether = (_tileRows + blocks - 1) / blocks;
    }

    /// <summary>Convolves.</summary>
    /// <param name="x">(source height, source width, C).</param>
    /// <param name="norm">Applied before, or null.</param>
    /// <param name="bias">(K).</param>
    /// <param name="residual">(height, width, K) or null.</param>
    /// <param name="y">(height, width, K), written.</param>
    public void Run(T* x, FastNorm? norm, T* bias, T* residual, T* y)
    {
        using var scope = NewDisposeScope();
        ScalarType type = _kernels.dtype;
        T[] scale = new T[_inputs], shift = new T[_inputs];
        fixed (T* scales = scale, shifts = shift)
        {
            if (norm is not null)
                ChannelSums<T>.Affine(x, _sourceHeight * _sourceWidth, _inputs, norm, scales, shifts);
            int stripRows = (Results * _rowsTogether + 2) / (1 + _halve) + 2;
            using Tensor? strip = norm is null ? null : empty([stripRows, _sourceWidth, _inputs], type);
            using Tensor inputs = empty([(long)_rowsTogether * _tileColumns, Products * _inputs], type);
            for (int first = 0; first < _tileRows; first += _rowsTogether)
            {
                int rows = Math.Min(_rowsTogether, _tileRows - first);
                using var blockScope = NewDisposeScope();
                Source source = strip is null ? new(x, 0) : Normalise(x, first, rows, norm!.Activates, scales, shifts, TensorMemory.Of<T>(strip));
                Tensor block = inputs.narrow(0, 0, (long)rows * _tileColumns);
                Transform(source, first, rows, TensorMemory.Of<T>(block));
                Finish(Multiply(block), first, rows, bias, residual, y);
            }
        }
    }

    /// <summary>Normalises the source rows that a block of tile rows reads.</summary>
    private Source Normalise(T* x, int first, int rows, bool activate, T* scale, T* shift, T* strip)
    {
        int top = Math.Max(0, (Results * first - 1) >> _halve), bottom = Math.Min(_sourceHeight, ((Results * (first + rows)) >> _halve) + 1);
        long pitch = (long)_sourceWidth * _inputs;
        Workers.Run(bottom - top, (from, to) =>
            FastNorm.Run(x + (top + from) * pitch, strip + from * pitch, (to - from) * _sourceWidth, _inputs, scale, shift, activate));
        return new(strip, top);
    }

    private void Transform(Source source, int first, int rows, T* target)
    {
        long pitch = (long)_sourceWidth * _inputs;
        Workers.Run(rows * _tileColumns, (from, to) =>
        {
            T** lines = stackalloc T*[Inputs];
            for (int tile = from; tile < to; tile++)
            {
                int top = Results * (first + tile / _tileColumns) - 1;
                for (int i = 0; i < Inputs; i++)
                    lines[i] = (uint)(top + i) < (uint)_height ? source.Start + (((top + i) >> _halve) - source.Top) * pitch : null;
                WinogradTransform<T>.Input(lines, _width, _inputs, Results * (tile % _tileColumns) - 1, _halve, target + (long)tile * Products * _inputs);
            }
        });
    }

    /// <summary>One matrix product for each of the 36 positions: the library has them as a grouped 1x1 convolution, its fastest product on a CPU.</summary>
    private Tensor Multiply(Tensor block)
    {
        Tensor map = block.unsqueeze(0).unsqueeze(0).permute(0, 3, 1, 2);
        return nn.functional.conv2d(map, _kernels, groups: Products).permute(0, 2, 3, 1).contiguous();
    }

    private void Finish(Tensor products, int first, int rows, T* bias, T* residual, T* y)
    {
        T* start = TensorMemory.Of<T>(products);
        long pitch = (long)_width * _outputs;
        Workers.Run(rows * _tileColumns, (from, to) =>
        {
            for (int tile = from; tile < to; tile++)
            {
                int top = Results * (first + tile / _tileColumns), left = Results * (tile % _tileColumns);
                long at = top * pitch + (long)left * _outputs;
                WinogradTransform<T>.Output(start + (long)tile * Products * _outputs, _outputs, bias, residual is null ? null : residual + at, y + at, pitch,
                    Math.Min(Results, _height - top), Math.Min(Results, _width - left));
            }
        });
    }

    /// <summary>Rows to read: the first in memory, and which of the map it is.</summary>
    private readonly struct Source(T* start, int top)
    {
        public T* Start { get; } = start;

        public int Top { get; } = top;
    }
}
