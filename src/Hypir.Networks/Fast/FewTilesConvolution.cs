using System.Numerics;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// A pass through a <see cref="Winograd"/> convolution with so many channels and so few tiles that reading its transformed kernels would
/// take longer than the saved products: each thread transforms the kernels of some outputs in its cache, where it also multiplies with
/// them.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class FewTilesConvolution<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Results = WinogradTransform<T>.Results;
    private const int Inputs = WinogradTransform<T>.Inputs;
    private const int Products = WinogradTransform<T>.Products;
    private const int KernelSize = 9;

    /// <summary>Largest number of tiles per transformed kernel.</summary>
    private const int MostTiles = 256;

    /// <summary>Outputs and inputs whose transformed kernels a thread holds at a time: half a megabyte in float32.</summary>
    private const int OutputsTogether = 32, InputsTogether = 128;

    private readonly T* _weight;
    private readonly WinogradShape _shape;
    private readonly MapMemory _memory;
    private readonly int _tilesOfImage;

    /// <summary>Describes the pass.</summary>
    /// <param name="weight">(K, C, 3, 3).</param>
    /// <param name="shape">Channels and sizes.</param>
    /// <param name="memory">Provides scratch memory.</param>
    public FewTilesConvolution(T* weight, WinogradShape shape, MapMemory memory)
    {
        _weight = weight;
        (_shape, _memory, _tilesOfImage) = (shape, memory, shape.TileRows * shape.TileColumns);
    }

    /// <summary>Convolves.</summary>
    /// <param name="jobs">Images, without norms and shortcuts.</param>
    public void Run(IReadOnlyList<WinogradJob<T>> jobs)
    {
        using var scope = NewDisposeScope();
        int all = jobs.Count * _tilesOfImage, blocks = (all + MostTiles - 1) / MostTiles, most = (all + blocks - 1) / blocks;
        ScalarType type = TensorMemory.TypeOf<T>();
        T* inputs = TensorMemory.Pointer<T>(_memory.Rent([Products, most, _shape.Inputs], type, out IDisposable lease));
        using IDisposable rented = lease;
        using var own = new ThreadMemory<T>(
            _memory, (long)Products * OutputsTogether * (InputsTogether + most) + KernelPanel<T>.Room(InputsTogether));
        for (int first = 0; first < all; first += most)
        {
            int start = first, count = Math.Min(most, all - first);
            ParallelLoop.Run(count, (from, to) => Transform(jobs, start, count, from, to, inputs));
            own.Run((_shape.Outputs + OutputsTogether - 1) / OutputsTogether, (from, to, panel) =>
            {
                for (int k = from; k < to; k++)
                    Convolve(jobs, start, count, k * OutputsTogether, inputs, panel);
            });
        }
    }

    /// <summary>Transforms the tiles' inputs, (groups of inputs, 36, tiles, <see cref="InputsTogether"/>).</summary>
    private void Transform(IReadOnlyList<WinogradJob<T>> jobs, int first, int count, int from, int to, T* inputs)
    {
        T** lines = stackalloc T*[Inputs];
        for (int i = from; i < to; i++)
        {
            (int row, int column) = Place(first + i);
            for (int input = 0; input < _shape.Inputs; input += InputsTogether)
            {
                int some = Math.Min(InputsTogether, _shape.Inputs - input);
                T* source = jobs[(first + i) / _tilesOfImage].Source + input;
                for (int y = 0; y < Inputs; y++)
                    lines[y] =
                        (uint)(row - 1 + y) < (uint)_shape.Height ? source + ((row - 1 + y) >> _shape.Halve) * _shape.SourcePitch : null;
                WinogradTransform<T>.Input(
                    lines, _shape.Width, _shape.Inputs, some, column - 1, _shape.Halve,
                    inputs + (long)Products * count * input + (long)i * some, (long)count * some);
            }
        }
    }

    /// <summary>Computes some outputs of all tiles.</summary>
    private void Convolve(IReadOnlyList<WinogradJob<T>> jobs, int first, int count, int output, T* inputs, T* panel)
    {
        int outputs = Math.Min(OutputsTogether, _shape.Outputs - output);
        T* products = panel + Products * OutputsTogether * InputsTogether, room = products + (long)Products * OutputsTogether * count;
        for (int input = 0; input < _shape.Inputs; input += InputsTogether)
        {
            int some = Math.Min(InputsTogether, _shape.Inputs - input);
            T* group = inputs + (long)Products * count * input;
            KernelPanel<T>.Transform(
                _weight + ((long)output * _shape.Inputs + input) * KernelSize,
                (long)_shape.Inputs * KernelSize,
                some,
                outputs,
                room,
                panel
            );
            for (int p = 0; p < Products; p++)
                TileProducts<T>.Multiply(
                    group + (long)p * count * some, count, some, panel + (long)p * some * outputs, outputs,
                    products + (long)p * count * outputs, input > 0);
        }

        for (int i = 0; i < count; i++)
        {
            WinogradJob<T> job = jobs[(first + i) / _tilesOfImage];
            (int row, int column) = Place(first + i);
            long at = row * _shape.Pitch + (long)column * _shape.Outputs + output;
            WinogradTransform<T>.Output(
                products + (long)i * outputs, (long)count * outputs, outputs, job.Bias + output, null,
                job.Residual is null ? null : job.Residual + at, job.Target + at, _shape.Pitch, _shape.Outputs,
                Math.Min(Results, _shape.Height - row), Math.Min(Results, _shape.Width - column));
        }
    }

    /// <summary>The origin of a tile's results in its image.</summary>
    private (int Row, int Column) Place(int tile) =>
        (tile % _tilesOfImage / _shape.TileColumns * Results, tile % _tilesOfImage % _shape.TileColumns * Results);
}
