namespace Hypir.Planning.Machine;

/// <summary>A GPU of any vendor, as the system's driver describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Driver">The driver's version, in its own form; empty if unknown.</param>
/// <param name="Memory">Its own memory in bytes; 0 if it shares the machine's, or if it is unknown.</param>
public sealed record GpuAdapter(string Name, string Driver, long Memory)
{
    /// <summary>Bytes that a program on the GPU can bind as one buffer; null if unknown.</summary>
    public long? BindingLimit { get; init; }

    /// <summary>Whether it is a program that computes on the CPU.</summary>
    public bool IsSoftware { get; init; }

    /// <summary>What identifies it and its driver: measurements and tests are remembered for these.</summary>
    public string Identity => $"{Name}, driver {(Driver.Length > 0 ? Driver : "unknown")}";
}
