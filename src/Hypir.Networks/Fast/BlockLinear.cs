using System.Numerics;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// A linear map of <see cref="TokenBlocks{T}"/>: its weights are the rows of the products, and the blocks are the matrices.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class BlockLinear<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Inputs processed at a time, so that those of all of a thread's blocks stay in its cache.</summary>
    private const int MostInputs = 384;

    private readonly T* _weight;
    private readonly T* _bias;

    /// <summary>Takes its weights from a map, which must outlive it.</summary>
    public BlockLinear(FastLinear map)
    {
        _weight = TensorMemory.Pointer<T>(map.Weight);
        _bias = map.Bias is Tensor bias ? TensorMemory.Pointer<T>(bias) : null;
        (Outputs, Inputs) = ((int)map.Weight.shape[0], (int)map.Weight.shape[1]);
    }

    /// <summary>Width of the input.</summary>
    public int Inputs { get; }

    /// <summary>Width of the result.</summary>
    public int Outputs { get; }

    /// <summary>Computes the map.</summary>
    /// <param name="from">(blocks, inputs, size).</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="to">(blocks, outputs, size), written.</param>
    /// <param name="adds">Whether to add to the existing values.</param>
    public void Run(T* from, int blocks, T* to, bool adds = false) =>
        Run(from, blocks, 0, Outputs, to, (long)Outputs * TokenBlocks<T>.Size, TokenBlocks<T>.Size, adds);

    /// <summary>Computes some outputs of the map.</summary>
    /// <param name="from">(blocks, inputs, size).</param>
    /// <param name="blocks">How many.</param>
    /// <param name="first">The first output.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="to">The first block's first output, written.</param>
    /// <param name="blockStep">Elements from one block to the next.</param>
    /// <param name="outputStep">Elements from one output to the next.</param>
    /// <param name="adds">Whether to add to the existing values.</param>
    public void Run(T* from, int blocks, int first, int outputs, T* to, long blockStep, long outputStep, bool adds = false)
    {
        int size = TokenBlocks<T>.Size, pieces = (Inputs + MostInputs - 1) / MostInputs;
        for (int piece = 0; piece < pieces; piece++)
        {
            int start = (int)((long)Inputs * piece / pieces), inputs = (int)((long)Inputs * (piece + 1) / pieces) - start;
            for (int row = 0; row < outputs; row += TileProducts<T>.RowBlock)
            {
                int rows = Math.Min(TileProducts<T>.RowBlock, outputs - row);
                for (int block = 0; block < blocks; block++)
                {
                    T* target = to + block * blockStep + row * outputStep;
                    TileProducts<T>.Multiply(
                        _weight + (long)(first + row) * Inputs + start, Inputs, 1, rows, inputs,
                        from + ((long)block * Inputs + start) * size, size, target, outputStep, adds || piece > 0);
                    if (piece == 0)
                        AddBias(first + row, rows, target, outputStep);
                }
            }
        }
    }

    /// <summary>Computes the first half of the map's outputs times the GELU of the other half.</summary>
    /// <param name="from">(blocks, inputs, size).</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="to">(blocks, outputs / 2, size), written.</param>
    public void RunGated(T* from, int blocks, T* to)
    {
        int size = TokenBlocks<T>.Size, half = Outputs / 2;
        T* gates = stackalloc T[TileProducts<T>.RowBlock * size];
        for (int row = 0; row < half; row += TileProducts<T>.RowBlock)
        {
            int rows = Math.Min(TileProducts<T>.RowBlock, half - row);
            for (int block = 0; block < blocks; block++)
            {
                T* source = from + (long)block * Inputs * size, target = to + ((long)block * half + row) * size;
                TileProducts<T>.Multiply(_weight + (long)row * Inputs, Inputs, 1, rows, Inputs, source, size, target, size, false);
                TileProducts<T>.Multiply(_weight + (long)(half + row) * Inputs, Inputs, 1, rows, Inputs, source, size, gates, size, false);
                AddBias(row, rows, target, size);
                AddBias(half + row, rows, gates, size);
                Gelu<T>.Gate(target, gates, target, rows * size);
            }
        }
    }

    private void AddBias(int first, int rows, T* to, long step)
    {
        if (_bias is null)
            return;
        for (int row = 0; row < rows; row++, to += step)
        {
            Vector512<T> bias = Vector512.Create(_bias[first + row]);
            (Vector512.Load(to) + bias).Store(to);
            (Vector512.Load(to + Vector512<T>.Count) + bias).Store(to + Vector512<T>.Count);
        }
    }
}
