namespace PaintDotNet.Rendering;

public struct RectInt32 : IEquatable<RectInt32>
{
    public RectInt32(int x, int y, int width, int height) => (X, Y, Width, Height) = (x, y, width, height);

    public int X { readonly get; set; }

    public int Y { readonly get; set; }

    public int Width { readonly get; set; }

    public int Height { readonly get; set; }

    public readonly int Left => X;

    public readonly int Top => Y;

    public readonly int Right => X + Width;

    public readonly int Bottom => Y + Height;

    public static bool operator ==(RectInt32 a, RectInt32 b) => a.Equals(b);

    public static bool operator !=(RectInt32 a, RectInt32 b) => !a.Equals(b);

    public readonly bool Equals(RectInt32 other) => (X, Y, Width, Height) == (other.X, other.Y, other.Width, other.Height);

    public override readonly bool Equals(object? obj) => obj is RectInt32 other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(X, Y, Width, Height);
}
