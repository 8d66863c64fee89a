using System.Numerics;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>Layer normalisation of <see cref="TokenBlocks{T}"/>.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class BlockNorm<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T* _weight;
    private readonly T* _bias;
    private readonly int _channels;
    private readonly T _epsilon;

    /// <summary>Takes its weights from tensors, which must outlive it.</summary>
    /// <param name="weight">(channels).</param>
    /// <param name="bias">(channels).</param>
    /// <param name="epsilon">Added to the variance.</param>
    public BlockNorm(Tensor weight, Tensor bias, double epsilon)
    {
        _weight = TensorMemory.Pointer<T>(weight);
        _bias = TensorMemory.Pointer<T>(bias);
        (_channels, _epsilon) = ((int)weight.shape[0], T.CreateChecked(epsilon));
    }

    /// <summary>Normalises some blocks.</summary>
    /// <param name="from">(blocks, channels, size).</param>
    /// <param name="blocks">How many.</param>
    /// <param name="to">(blocks, channels, size), written.</param>
    public void Run(T* from, int blocks, T* to)
    {
        int size = TokenBlocks<T>.Size, lanes = Vector512<T>.Count;
        for (int block = 0; block < blocks; block++)
        {
            long start = (long)block * _channels * size;
            for (int half = 0; half < size; half += lanes)
                Run(from + start + half, to + start + half, size);
        }
    }

    /// <summary>A vector of tokens.</summary>
    private void Run(T* from, T* to, int step)
    {
        Vector512<T> share = Vector512.Create(T.One / T.CreateChecked(_channels)), sum = default, squares = default;
        for (int c = 0; c < _channels; c++)
            sum += Vector512.Load(from + c * step);
        Vector512<T> mean = sum * share;
        for (int c = 0; c < _channels; c++)
        {
            Vector512<T> centred = Vector512.Load(from + c * step) - mean;
            squares += centred * centred;
        }

        Vector512<T> factor = Vector512<T>.One / Vector512.Sqrt(squares * share + Vector512.Create(_epsilon));
        for (int c = 0; c < _channels; c++)
            ((Vector512.Load(from + c * step) - mean) * factor * Vector512.Create(_weight[c]) + Vector512.Create(_bias[c])).Store(to + c * step);
    }
}
