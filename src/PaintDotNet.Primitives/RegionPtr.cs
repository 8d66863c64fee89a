using PaintDotNet.Rendering;

namespace PaintDotNet;

public readonly unsafe struct RegionPtr<T>
    where T : unmanaged
{
    public RegionPtr(T* ptr, int width, int height, int stride)
    {
        Ptr = ptr;
        Size = new(width, height);
        Stride = stride;
    }

    public T* Ptr { get; }

    public SizeInt32 Size { get; }

    public int Width => Size.Width;

    public int Height => Size.Height;

    public int Stride { get; }
}
