namespace PaintDotNet.ComponentModel;

public class RefTrackedObject : IObjectRef
{
    public RefTrackedObject()
    {
    }

    ~RefTrackedObject() => Dispose(false);

    public bool IsDisposed { get; private set; }

    public void Dispose()
    {
        if (!IsDisposed)
            Dispose(true);
        IsDisposed = true;
        GC.SuppressFinalize(this);
    }

    public bool? TryCreateRef(Type interfaceType, out IObjectRef? newObjectRef)
    {
        newObjectRef = null;
        return null;
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
