using PaintDotNet.ComponentModel;

namespace Hypir.PdnHost.Host;

/// <summary>An object that the effect has to give back by disposing it.</summary>
internal abstract class Counted : IObjectRef
{
    private readonly Ledger? _ledger;
    private int _disposed;

    protected Counted(Ledger? ledger)
    {
        _ledger = ledger;
        ledger?.Given();
    }

    public bool IsDisposed => _disposed != 0;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _ledger?.Returned();
    }

    public bool? TryCreateRef(Type interfaceType, out IObjectRef? newObjectRef)
    {
        newObjectRef = null;
        return null;
    }
}
