using Hypir.Networks;

namespace Hypir.Restoration.Planning;

/// <summary>What a plan needs to know of the machine. Detecting it loads no part of torch.</summary>
public sealed record MachineFacts
{
    /// <summary>Processors that the process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Bytes of host memory that are free.</summary>
    public required long FreeMemory { get; init; }

    /// <summary>What a limit that is set for this process (a container's, for example) leaves of it, where that is less than what is free on the machine.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>GPUs that this build of the program can compute on.</summary>
    public IReadOnlyList<GraphicsCard> Cards { get; init; } = [];

    /// <summary>Speeds that were measured on this machine before.</summary>
    public IReadOnlyList<MeasuredSpeed> Speeds { get; init; } = [];

    /// <summary>Looks at this machine. What is known of its speed is in the <see cref="SpeedBook"/> of whoever asks.</summary>
    public static MachineFacts Detect()
    {
        long free = HostMemory.OnMachine();
        long? limit = HostMemory.WithinLimit();
        return new()
        {
            Cores = Environment.ProcessorCount,
            FreeMemory = Math.Min(free, limit ?? free),
            MemoryLimit = limit < free ? limit : null,
            Cards = NativeTorch.HasCuda ? NvidiaDriver.Detect().Cards : [],
        };
    }

    /// <summary>The measured speed of a model on a device, or null where it never ran there.</summary>
    /// <param name="device">"cpu" or "cuda:N".</param>
    /// <param name="precision">The type that the UNet computes in.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="mode">The way of computing.</param>
    public MeasuredSpeed? SpeedOf(string device, ComputePrecision precision, string model, RestoreMode mode = RestoreMode.Fast) =>
        Speeds.FirstOrDefault(speed => speed.Device == device && speed.Precision == precision && speed.Model == model && speed.Mode == mode);
}
