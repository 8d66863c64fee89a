namespace Hypir.Networks.Fast;

/// <summary>
/// One image's pass through a <see cref="Winograd"/> convolution with few channels: each thread takes tiles from the map to the result
/// without leaving its cache.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class FewChannelsConvolution<T>
    where T : unmanaged
{
    private const int Results = WinogradTransform<T>.Results;
    private const int Inputs = WinogradTransform<T>.Inputs;
    private const int Products = WinogradTransform<T>.Products;

    /// <summary>Normalized rows kept in a ring buffer: at least those that a row of tiles reads, and a power of two.</summary>
    private const int KeptRows = 8;

    /// <summary>Limit on a thread's transformed tiles and their products.</summary>
    private const int BufferBytes = 384 << 10;

    private readonly T* _kernels;
    private readonly WinogradShape _shape;
    private readonly MapMemory _memory;
    private readonly int _together;

    /// <summary>Describes the pass.</summary>
    /// <param name="kernels">(36, C, K).</param>
    /// <param name="shape">Channels and sizes.</param>
    /// <param name="memory">Provides scratch memory.</param>
    public FewChannelsConvolution(T* kernels, WinogradShape shape, MapMemory memory)
    {
        _kernels = kernels;
        (_shape, _memory) = (shape, memory);
        int most = BufferBytes / (Products * (shape.Inputs + shape.Outputs) * sizeof(T));
        _together =
            Math.Clamp(most / TileProducts<T>.RowBlock, 1, (shape.TileColumns + TileProducts<T>.RowBlock - 1) / TileProducts<T>.RowBlock)
            * TileProducts<T>.RowBlock;
    }

    /// <summary>Convolves.</summary>
    public void Run(WinogradJob<T> job) => Run(job, null);

    /// <summary>Convolves to a map of its own.</summary>
    /// <returns>The result's moments.</returns>
    public ChannelMoments RunWithMoments(WinogradJob<T> job)
    {
        var parts = new ChannelMoments.Parts();
        Run(job, parts);
        return parts.Whole;
    }

    private void Run(WinogradJob<T> job, ChannelMoments.Parts? parts)
    {
        long ring = job.Rows is null ? 0 : (long)KeptRows * _shape.SourcePitch,
            added = job.Shortcut is null ? 0 : Results * _shape.Pitch,
            tiles = (long)_together * Products;
        using var memory = new ThreadMemory<T>(_memory, ring + added + tiles * (_shape.Inputs + _shape.Outputs));
        memory.Run(_shape.TileRows, (from, to, own) =>
            Strip(job, from, to, parts, own, own + ring, own + ring + added, own + ring + added + tiles * _shape.Inputs));
    }

    /// <summary>Computes consecutive rows of tiles.</summary>
    private void Strip(WinogradJob<T> job, int from, int to, ChannelMoments.Parts? parts, T* ring, T* added, T* tiles, T* products)
    {
        long pitch = _shape.SourcePitch;
        T** lines = stackalloc T*[Inputs];
        int ready = _shape.FirstSourceRow(from);
        ChannelMoments.Sums<T>? sums = null;
        for (int row = from; row < to; row++)
        {
            for (int end = _shape.EndSourceRow(row + 1); job.Rows is not null && ready < end; ready++)
                job.Rows.Write((long)ready * _shape.SourceWidth, _shape.SourceWidth, ring + ready % KeptRows * pitch);
            for (int i = 0; i < Inputs; i++)
            {
                int line = Results * row - 1 + i,
                    source = line >> _shape.Halve;
                lines[i] =
                    (uint)line >= (uint)_shape.Height ? null
                    : job.Rows is null ? job.Source + source * pitch
                    : ring + source % KeptRows * pitch;
            }

            int height = Math.Min(Results, _shape.Height - Results * row);
            T* target = job.Target + Results * row * _shape.Pitch,
                residual = job.Residual is null ? null : job.Residual + Results * row * _shape.Pitch;
            if (job.Shortcut is not null)
            {
                job.Shortcut.Write((long)Results * row * _shape.Width, height * _shape.Width, added);
                residual = added;
            }

            for (int column = 0; column < _shape.TileColumns; column += _together)
                Tiles(lines, job, residual, target, column, height, tiles, products);
            if (parts is null)
                continue;
            sums ??= new(target, _shape.Outputs);
            sums.Add(target, height * _shape.Width);
        }

        parts?.Add(from, sums!.End());
    }

    private void Tiles(T** lines, WinogradJob<T> job, T* residual, T* target, int column, int height, T* tiles, T* products)
    {
        (int inputs, int outputs, int count) = (_shape.Inputs, _shape.Outputs, Math.Min(_together, _shape.TileColumns - column));
        for (int i = 0; i < count; i++)
            WinogradTransform<T>.Input(
                lines, _shape.Width, _shape.SourceStep, inputs, Results * (column + i) - 1, _shape.Halve, tiles + (long)i * inputs,
                (long)_together * inputs);
        // Whole groups of rows: the rows beyond the tiles are multiplied but never read.
        int rows = (count + TileProducts<T>.RowBlock - 1) / TileProducts<T>.RowBlock * TileProducts<T>.RowBlock;
        for (int p = 0; p < Products; p++)
            TileProducts<T>.Multiply(
                tiles + (long)p * _together * inputs, rows, inputs, _kernels + (long)p * inputs * outputs, outputs,
                products + (long)p * _together * outputs);
        for (int i = 0; i < count; i++)
        {
            int left = Results * (column + i);
            long at = (long)left * _shape.Step;
            WinogradTransform<T>.Output(
                products + (long)i * outputs, (long)_together * outputs, outputs, job.Bias, job.Slopes,
                residual is null ? null : residual + at, target + at, _shape.Pitch, _shape.Step, height,
                Math.Min(Results, _shape.Width - left));
        }
    }
}
