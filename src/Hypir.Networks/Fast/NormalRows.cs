using System.Runtime.CompilerServices;

namespace Hypir.Networks.Fast;

/// <summary>One picture's map as it is after a <see cref="FastNorm"/>: rows are normalised when they are asked for, whatever tensors their channels lie in.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class NormalRows<T>
    where T : unmanaged
{
    private readonly (nint Start, int Channels)[] _parts;
    private readonly T* _scale;
    private readonly T* _shift;
    private readonly int _channels;
    private readonly bool _activate;

    /// <summary>Keeps the factors where they are.</summary>
    private readonly T[] _factors;

    /// <summary>Prepares the normalisation.</summary>
    /// <param name="x">The map; it stays alive as long as this is used.</param>
    /// <param name="picture">Which of its pictures.</param>
    /// <param name="norm">A native norm of its channels.</param>
    public NormalRows(FastMap x, int picture, FastNorm norm)
    {
        _parts = [.. x.Parts.Select(part => ((nint)(TensorMemory.Pointer<T>(part.Values) + picture * x.Height * x.Width * part.Channels), part.Channels))];
        (_channels, _activate) = (_parts.Sum(part => part.Channels), norm.Activates);
        _factors = GC.AllocateUninitializedArray<T>(2 * _channels, pinned: true);
        _scale = (T*)Unsafe.AsPointer(ref _factors[0]);
        _shift = _scale + _channels;
        x.Parts.Select(part => part.MomentsOf<T>(picture)).Aggregate((a, b) => a.Beside(b)).Affine(norm, _scale, _shift);
    }

    /// <summary>Writes positions that follow each other.</summary>
    /// <param name="first">The first, row · width + column.</param>
    /// <param name="count">How many.</param>
    /// <param name="target">(count, channels).</param>
    public void Write(long first, int count, T* target)
    {
        int done = 0;
        foreach ((nint start, int channels) in _parts)
        {
            FastNorm.Run((T*)start + first * channels, channels, target + done, _channels, count, channels, _scale + done, _shift + done, _activate);
            done += channels;
        }

        GC.KeepAlive(_factors);
    }
}
