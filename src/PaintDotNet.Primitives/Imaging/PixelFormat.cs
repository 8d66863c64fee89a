namespace PaintDotNet.Imaging;

public readonly struct PixelFormat : IEquatable<PixelFormat>
{
    public PixelFormat(in Guid guid) => Guid = guid;

    public Guid Guid { get; }

    public static bool operator ==(in PixelFormat a, in PixelFormat b) => a.Equals(b);

    public static bool operator !=(in PixelFormat a, in PixelFormat b) => !a.Equals(b);

    public bool Equals(PixelFormat other) => Guid == other.Guid;

    public override bool Equals(object? obj) => obj is PixelFormat other && Equals(other);

    public override int GetHashCode() => Guid.GetHashCode();
}
