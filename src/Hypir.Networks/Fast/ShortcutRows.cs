namespace Hypir.Networks.Fast;

/// <summary>One picture's <see cref="Shortcut"/>: rows are computed when they are asked for.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class ShortcutRows<T>
    where T : unmanaged
{
    private readonly (nint Start, int Channels)[] _parts;
    private readonly T* _matrix;
    private readonly int _outputs;

    /// <summary>Prepares it.</summary>
    /// <param name="shortcut">It stays alive as long as this is used.</param>
    /// <param name="picture">Which picture of its map.</param>
    public ShortcutRows(Shortcut shortcut, int picture)
    {
        FastMap x = shortcut.Map;
        _parts = [.. x.Parts.Select(part => ((nint)(TensorMemory.Pointer<T>(part.Values) + picture * x.Height * x.Width * part.Channels), part.Channels))];
        _matrix = TensorMemory.Pointer<T>(shortcut.Matrix);
        _outputs = (int)shortcut.Matrix.shape[1];
    }

    /// <summary>Writes positions that follow each other.</summary>
    /// <param name="first">The first, row · width + column.</param>
    /// <param name="count">How many.</param>
    /// <param name="target">(count, K).</param>
    public void Write(long first, int count, T* target)
    {
        T* matrix = _matrix;
        bool adds = false;
        foreach ((nint start, int channels) in _parts)
        {
            TileProducts<T>.Multiply((T*)start + first * channels, count, channels, matrix, _outputs, target, adds);
            matrix += (long)channels * _outputs;
            adds = true;
        }
    }
}
