using System.Runtime.InteropServices;

namespace Hypir.Networks.Fast;

/// <summary>
/// One picture's pass through a <see cref="Winograd"/> convolution of few channels: each thread takes tiles from the map to the result without leaving its cache.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class NarrowPass<T>
    where T : unmanaged
{
    private const int Results = WinogradTransform<T>.Results;
    private const int Inputs = WinogradTransform<T>.Inputs;
    private const int Products = WinogradTransform<T>.Products;

    /// <summary>Normalised rows that are kept: no fewer than a row of tiles reads, and a power of two.</summary>
    private const int KeptRows = 8;

    /// <summary>What a thread's transformed tiles and their products may take.</summary>
    private const int BufferBytes = 384 << 10;

    private readonly T* _kernels;
    private readonly WinogradShape _shape;
    private readonly int _together;

    /// <summary>Describes the pass.</summary>
    /// <param name="kernels">(36, C, K).</param>
    /// <param name="shape">Channels and sizes.</param>
    public NarrowPass(T* kernels, WinogradShape shape)
    {
        _kernels = kernels;
        _shape = shape;
        int most = BufferBytes / (Products * (shape.Inputs + shape.Outputs) * sizeof(T));
        _together = Math.Clamp(most / TileProducts<T>.Together, 1, (shape.TileColumns + TileProducts<T>.Together - 1) / TileProducts<T>.Together) * TileProducts<T>.Together;
    }

    /// <inheritdoc cref="WinogradPass{T}.Run"/>
    public void Run(T* x, FastNorm? norm, T* bias, T* residual, T* y)
    {
        T[] scale = new T[_shape.Inputs], shift = new T[_shape.Inputs];
        fixed (T* scaleStart = scale, shiftStart = shift)
        {
            T* scales = scaleStart, shifts = shiftStart;
            if (norm is not null)
                ChannelSums<T>.Affine(x, _shape.SourceHeight * _shape.SourceWidth, _shape.Inputs, norm, scales, shifts);
            Workers.Run(_shape.TileRows, (from, to) =>
            {
                long ring = norm is null ? 0 : (long)KeptRows * _shape.SourcePitch, tiles = (long)_together * Products;
                T* memory = (T*)NativeMemory.AlignedAlloc((nuint)((ring + tiles * (_shape.Inputs + _shape.Outputs)) * sizeof(T)), 64);
                try
                {
                    Strip(new(x, norm, scales, shifts, bias, residual, y), from, to, memory, memory + ring, memory + ring + tiles * _shape.Inputs);
                }
                finally
                {
                    NativeMemory.AlignedFree(memory);
                }
            });
        }
    }

    /// <summary>Some rows of tiles, one after the other.</summary>
    private void Strip(Job job, int from, int to, T* ring, T* tiles, T* products)
    {
        long pitch = _shape.SourcePitch;
        T** lines = stackalloc T*[Inputs];
        int ready = _shape.FirstSourceRow(from);
        for (int row = from; row < to; row++)
        {
            for (int end = _shape.EndSourceRow(row + 1); job.Norm is not null && ready < end; ready++)
                FastNorm.Run(job.X + ready * pitch, ring + ready % KeptRows * pitch, _shape.SourceWidth, _shape.Inputs, job.Scale, job.Shift, job.Norm.Activates);
            for (int i = 0; i < Inputs; i++)
            {
                int line = Results * row - 1 + i, source = line >> _shape.Halve;
                lines[i] = (uint)line >= (uint)_shape.Height ? null : job.Norm is null ? job.X + source * pitch : ring + source % KeptRows * pitch;
            }

            for (int column = 0; column < _shape.TileColumns; column += _together)
                Tiles(job, lines, row, column, Math.Min(_together, _shape.TileColumns - column), tiles, products);
        }
    }

    private void Tiles(Job job, T** lines, int row, int column, int count, T* tiles, T* products)
    {
        (int inputs, int outputs) = (_shape.Inputs, _shape.Outputs);
        for (int i = 0; i < count; i++)
            WinogradTransform<T>.Input(lines, _shape.Width, inputs, Results * (column + i) - 1, _shape.Halve, tiles + (long)i * inputs, (long)_together * inputs);
        for (int p = 0; p < Products; p++)
            TileProducts<T>.Multiply(tiles + (long)p * _together * inputs, count, inputs, _kernels + (long)p * inputs * outputs, outputs, products + (long)p * _together * outputs);
        for (int i = 0; i < count; i++)
        {
            int left = Results * (column + i);
            long at = Results * row * _shape.Pitch + (long)left * outputs;
            WinogradTransform<T>.Output(products + (long)i * outputs, (long)_together * outputs, outputs, job.Bias, job.Residual is null ? null : job.Residual + at, job.Y + at, _shape.Pitch,
                Math.Min(Results, _shape.Height - Results * row), Math.Min(Results, _shape.Width - left));
        }
    }

    /// <summary>What is read and written.</summary>
    private readonly struct Job(T* x, FastNorm? norm, T* scale, T* shift, T* bias, T* residual, T* y)
    {
        public T* X { get; } = x;

        public FastNorm? Norm { get; } = norm;

        public T* Scale { get; } = scale;

        public T* Shift { get; } = shift;

        public T* Bias { get; } = bias;

        public T* Residual { get; } = residual;

        public T* Y { get; } = y;
    }
}
