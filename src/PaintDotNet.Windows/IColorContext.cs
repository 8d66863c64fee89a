using PaintDotNet.ComponentModel;

namespace PaintDotNet.Imaging;

public interface IColorContext : IObjectRef, IEquatable<IColorContext>, IInternalImpl
{
    ExifColorSpace ExifColorSpace { get; }

    ReadOnlyMemory<byte> GetProfileBytes();
}
