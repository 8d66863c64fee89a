using System.Runtime;

namespace Hypir.TrainTool.Training;

/// <summary>
/// No garbage collection as long as it lives. TorchSharp hands numbers to libtorch as objects with finalizers and does not hold on to them during the call: a
/// collection that another thread sets off, say the one that reads pictures, can free a number while it is being used, and the operation fails or computes with
/// another. A training runs for days; between two batches there is time to collect.
/// </summary>
internal sealed class QuietHeap : IDisposable
{
    // Managed memory that a batch may take: pictures as they are read, by all threads. Beyond it a collection comes after all.
    private const long Room = 200L << 20;

    /// <summary>Collects now, where that is needed to have room, and not again.</summary>
    public QuietHeap()
    {
        if (GCSettings.LatencyMode != GCLatencyMode.NoGCRegion)
            GC.TryStartNoGCRegion(Room);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            GC.EndNoGCRegion();
    }
}
