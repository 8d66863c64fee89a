namespace PaintDotNet.Imaging;

public interface IPixelInfo : IInternalImpl
{
    PixelFormat PixelFormat { get; }
}
