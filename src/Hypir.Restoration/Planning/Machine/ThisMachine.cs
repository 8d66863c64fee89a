using Hypir.Networks.Libraries;

namespace Hypir.Restoration.Planning.Machine;

/// <summary>The machine that this process runs on.</summary>
public sealed class ThisMachine : IMachine
{
    /// <inheritdoc/>
    public MachineFacts Look()
    {
        long free = HostMemory.OnMachine();
        long? limit = HostMemory.WithinLimit();
        return new()
        {
            Cores = Environment.ProcessorCount,
            FreeMemory = Math.Min(free, limit ?? free),
            MemoryLimit = limit < free ? limit : null,
            OwnMemory = Environment.WorkingSet,
            Cards = NativeTorch.HasCuda ? Driver().Cards : [],
        };
    }

    /// <inheritdoc/>
    public NvidiaDriver Driver() => NvidiaManagement.Look();
}
