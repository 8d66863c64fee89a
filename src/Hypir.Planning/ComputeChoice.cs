using System.Globalization;
using Hypir.Planning.Machine;

namespace Hypir.Planning;

/// <summary>The device and types in which the networks compute.</summary>
/// <param name="Device">"cpu" or "cuda:N".</param>
/// <param name="UNet">Type of the UNet and the text encoder; never <see cref="ComputePrecision.Auto"/>.</param>
/// <param name="Vae">Type of the VAE: float32 if the UNet uses float16, whose range the VAE's activations exceed; otherwise the
/// UNet's.</param>
public sealed record ComputeChoice(string Device, ComputePrecision UNet, ComputePrecision Vae)
{
    /// <summary>The kernels to use where the mode allows a choice.</summary>
    public StageKernels Kernels { get; init; }

    /// <summary>The kernels of a mode: reference mode computes step by step in plain torch.</summary>
    /// <param name="mode">The compute mode.</param>
    public StageKernels KernelsFor(RestoreMode mode) => mode == RestoreMode.Reference ? StageKernels.Torch : Kernels;

    /// <summary>Chooses by the user's options, then the model's needs, then the machine.</summary>
    /// <param name="options">The requested device and precision.</param>
    /// <param name="needs">The model's preferences.</param>
    /// <param name="machine">The devices.</param>
    /// <exception cref="PlanException">The device does not exist, or its name is invalid.</exception>
    /// <exception cref="UsageException">The kernel name is unknown.</exception>
    public static ComputeChoice Resolve(RestoreOptions options, ModelNeeds needs, MachineFacts machine)
    {
        GpuFacts? gpu = Gpu(options.Device, machine);
        ComputePrecision precision = options.Precision != ComputePrecision.Auto ? options.Precision
            : needs.Precision != ComputePrecision.Auto ? needs.Precision
            : gpu is null ? ComputePrecision.Float32
            : gpu.ComputesBfloat16 ? ComputePrecision.Bfloat16 : ComputePrecision.Float16;
        return new(
            gpu?.Device ?? "cpu",
            precision,
            precision == ComputePrecision.Float16 ? ComputePrecision.Float32 : precision)
        {
            Kernels = KernelChoice.Parse(machine.Kernels),
        };
    }

    /// <summary>Bytes per number.</summary>
    /// <param name="precision">A type; not <see cref="ComputePrecision.Auto"/>.</param>
    public static int BytesOf(ComputePrecision precision) => precision switch
    {
        ComputePrecision.Float64 => 8,
        ComputePrecision.Float32 => 4,
        ComputePrecision.Bfloat16 or ComputePrecision.Float16 => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "The precision must have been resolved."),
    };

    private static GpuFacts? Gpu(string device, MachineFacts machine)
    {
        const string Cuda = "cuda";
        const string Remedy = "Choose auto or cpu.";
        if (device == "auto")
            return machine.Gpus.Count > 0 ? machine.Gpus[0] : null;
        if (device == "cpu")
            return null;
        int index = 0;
        bool understood = device == Cuda
            || (device.StartsWith(Cuda + ":", StringComparison.Ordinal)
                && int.TryParse(device.AsSpan(Cuda.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out index));
        if (!understood)
            throw new PlanException("device", $"Unknown device \"{device}\".", "Devices are auto, cpu, cuda and cuda:N (N counts from 0).");
        return machine.Gpus.FirstOrDefault(gpu => gpu.Index == index)
            ?? throw new PlanException("device", machine.Gpus.Count == 0
                ? "This machine has no GPU that this build can compute on."
                : $"There is no device cuda:{index}; the last is cuda:{machine.Gpus[^1].Index}.", Remedy);
    }
}

/// <summary>The type that the networks compute in.</summary>
public enum ComputePrecision
{
    /// <summary>The model's preference, or else the device's: bfloat16 on a GPU that supports it, float32 on a CPU.</summary>
    Auto,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16 bits with the range of float32.</summary>
    Bfloat16,

    /// <summary>16 bits; the VAE stays in float32, since its activations exceed float16's range on some images.</summary>
    Float16,

    /// <summary>64-bit floating point, for comparison.</summary>
    Float64,
}

/// <summary>An option is out of range, or does not fit the image, the model or the machine.</summary>
/// <param name="option">The option's name on the command line without dashes ("tile"), or null if no single option is at fault.</param>
/// <param name="message">What is wrong.</param>
/// <param name="remedy">What to do next.</param>
public sealed class PlanException(string? option, string message, string? remedy = null) : HypirException(message, remedy)
{
    /// <summary>The option's name on the command line, without dashes, or null.</summary>
    public string? Option { get; } = option;
}
