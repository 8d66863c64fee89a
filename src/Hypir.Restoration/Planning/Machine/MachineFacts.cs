namespace Hypir.Restoration.Planning.Machine;

/// <summary>What a plan needs to know of the machine.</summary>
public sealed record MachineFacts
{
    /// <summary>Processors that the process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Bytes of host memory that are free.</summary>
    public required long FreeMemory { get; init; }

    /// <summary>What a limit that is set for this process (a container's, for example) leaves of it, where that is less than what is free on the machine.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Bytes of host memory that this process occupies.</summary>
    public long OwnMemory { get; init; }

    /// <summary>GPUs that this build of the program can compute on.</summary>
    public IReadOnlyList<GpuFacts> Cards { get; init; } = [];

    /// <summary>Speeds that were measured on this machine before.</summary>
    public IReadOnlyList<MeasuredSpeed> Speeds { get; init; } = [];

    /// <summary>The facts for a process that stays: what it occupies itself it can use again, since plans count the program and the weights among their needs.</summary>
    /// <param name="held">Bytes that this process is known to hold on a GPU ("cuda:N"), where the driver does not say it.</param>
    public MachineFacts WithOwnMemory(Func<string, long> held)
    {
        ArgumentNullException.ThrowIfNull(held);
        return this with
        {
            FreeMemory = Sum(FreeMemory, OwnMemory),
            MemoryLimit = MemoryLimit is { } limit ? Sum(limit, OwnMemory) : null,
            Cards = [.. Cards.Select(card => card with { FreeMemory = Math.Min(Sum(card.FreeMemory, card.OwnMemory ?? held(card.Device)), card.TotalMemory) })],
        };

        // What is not known at all is told as the largest number.
        static long Sum(long free, long own) => free > long.MaxValue - own ? long.MaxValue : free + own;
    }

    /// <summary>The measured speed of a model on a device, or null where it never ran there.</summary>
    /// <param name="device">"cpu" or "cuda:N".</param>
    /// <param name="precision">The type that the UNet computes in.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="mode">The way of computing.</param>
    public MeasuredSpeed? SpeedOf(string device, ComputePrecision precision, string model, RestoreMode mode = RestoreMode.Fast) =>
        Speeds.FirstOrDefault(speed => speed.Device == device && speed.Precision == precision && speed.Model == model && speed.Mode == mode);
}
