using System.Numerics;

namespace Hypir.Imaging.Color;

/// <summary>A coarse image with holes: each cell has a color in X, Y, Z and a confidence from 0 to 1.</summary>
internal sealed class ColorCells
{
    /// <summary>
    /// Side of the finest cells in pixels: coarse enough to take little memory, fine enough for invisible colors.
    /// </summary>
    private const int Side = 4;

    private readonly int _width;
    private readonly int _height;

    // W accumulates the weights; after normalization it is 1 (0 in a hole).
    private readonly Vector4[] _cells;

    // The highest confidence among a cell's sources: many uncertain colors do not add up to a certain one.
    private readonly float[] _known;

    private ColorCells(int width, int height)
    {
        (_width, _height) = (width, height);
        _cells = new Vector4[width * height];
        _known = new float[width * height];
    }

    /// <summary>Averages pixels into cells, each weighted by its trust.</summary>
    internal static ColorCells Gather<T>(ReadOnlySpan<T> rgb, ReadOnlySpan<T> alpha, int width, int height, float trusted)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var cells = new ColorCells((width + Side - 1) / Side, (height + Side - 1) / Side);
        for (int y = 0, pixel = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, pixel++)
                cells.Add(y / Side * cells._width + x / Side, Color(rgb, pixel), Trust(alpha[pixel], trusted));
        }
        cells.Average();
        return cells;
    }

    /// <summary>Confidence in a pixel's color.</summary>
    internal static float Trust<T>(T alpha, float trusted)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        Math.Min(1, float.CreateTruncating(alpha) / (trusted * float.CreateTruncating(T.MaxValue)));

    /// <summary>A pixel's color with weight 1.</summary>
    internal static Vector4 Color<T>(ReadOnlySpan<T> rgb, int pixel)
        where T : unmanaged, IBinaryInteger<T> =>
        new(
            float.CreateTruncating(rgb[3 * pixel]), float.CreateTruncating(rgb[3 * pixel + 1]), float.CreateTruncating(rgb[3 * pixel + 2]),
            1);

    /// <summary>Fills the holes from cells twice as large, recursively up to a single cell.</summary>
    internal void Complete()
    {
        if (_cells.Length == 1)
            return;
        var larger = new ColorCells((_width + 1) / 2, (_height + 1) / 2);
        for (int y = 0, cell = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++, cell++)
                larger.Add(y / 2 * larger._width + x / 2, _cells[cell], _known[cell]);
        }
        larger.Average();
        larger.Complete();
        for (int y = 0, cell = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++, cell++)
            {
                if (_known[cell] < 1)
                    _cells[cell] = Vector4.Lerp(larger.Interpolate((x + 0.5f) / 2, (y + 0.5f) / 2), _cells[cell], _known[cell]);
            }
        }
    }

    /// <summary>The color at a pixel, once the holes are filled.</summary>
    internal Vector4 At(int x, int y) => Interpolate((x + 0.5f) / Side, (y + 0.5f) / Side);

    private void Add(int cell, Vector4 color, float weight)
    {
        _cells[cell] += weight * color;
        _known[cell] = Math.Max(_known[cell], weight);
    }

    private void Average()
    {
        foreach (ref var cell in _cells.AsSpan())
        {
            if (cell.W > 0)
                cell /= cell.W;
        }
    }

    private Vector4 Interpolate(float x, float y)
    {
        (int left, int right, float across) = Between(x, _width);
        (int top, int bottom, float down) = Between(y, _height);
        var above = Vector4.Lerp(_cells[top * _width + left], _cells[top * _width + right], across);
        var below = Vector4.Lerp(_cells[bottom * _width + left], _cells[bottom * _width + right], across);
        return Vector4.Lerp(above, below, down);
    }

    private static (int First, int Second, float Part) Between(float position, int count)
    {
        float inside = Math.Clamp(position - 0.5f, 0, count - 1);
        int first = (int)inside;
        return (first, Math.Min(first + 1, count - 1), inside - first);
    }
}
