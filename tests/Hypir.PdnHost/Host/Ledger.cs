namespace Hypir.PdnHost.Host;

/// <summary>What the host has given away and not got back.</summary>
internal sealed class Ledger
{
    private int _open;

    public int Open => Volatile.Read(ref _open);

    public void Given() => Interlocked.Increment(ref _open);

    public void Returned() => Interlocked.Decrement(ref _open);
}
