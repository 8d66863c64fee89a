namespace PaintDotNet.Rendering;

public struct Point2Int32 : IEquatable<Point2Int32>
{
    public Point2Int32(int x, int y) => (X, Y) = (x, y);

    public int X { readonly get; set; }

    public int Y { readonly get; set; }

    public static bool operator ==(Point2Int32 lhs, Point2Int32 rhs) => lhs.Equals(rhs);

    public static bool operator !=(Point2Int32 lhs, Point2Int32 rhs) => !lhs.Equals(rhs);

    public readonly bool Equals(Point2Int32 other) => X == other.X && Y == other.Y;

    public override readonly bool Equals(object? obj) => obj is Point2Int32 other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(X, Y);
}
