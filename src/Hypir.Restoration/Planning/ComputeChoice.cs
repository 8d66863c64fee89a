using System.Globalization;
using Hypir.Restoration.Planning.Machine;

namespace Hypir.Restoration.Planning;

/// <summary>Where and in which types the networks compute.</summary>
/// <param name="Device">"cpu" or "cuda:N".</param>
/// <param name="UNet">Type of the UNet and the text encoder; never <see cref="ComputePrecision.Auto"/>.</param>
/// <param name="Vae">Type of the VAE: float32 where the UNet is in float16, whose range its activations leave; else as the UNet.</param>
public sealed record ComputeChoice(string Device, ComputePrecision UNet, ComputePrecision Vae)
{
    /// <summary>The kernels that are used wherever the mode leaves the choice.</summary>
    public StageKernels Kernels { get; init; }

    /// <summary>The kernels of a mode: reference mode computes step by step in plain torch.</summary>
    /// <param name="mode">The way of computing.</param>
    public StageKernels KernelsFor(RestoreMode mode) => mode == RestoreMode.Reference ? StageKernels.Torch : Kernels;

    /// <summary>Chooses from what a person asked for, what the model wants and what the machine has, in this order.</summary>
    /// <param name="options">Device and precision that are asked for.</param>
    /// <param name="needs">The model's wish.</param>
    /// <param name="machine">The devices.</param>
    /// <exception cref="PlanException">The device is not there, or its name is not understood.</exception>
    /// <exception cref="UsageException">There are no such kernels.</exception>
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

    /// <summary>Bytes of one number.</summary>
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
            throw new PlanException("device", $"\"{device}\" is no device.", "Devices are auto, cpu, cuda and cuda:N (N counts from 0).");
        return machine.Gpus.FirstOrDefault(gpu => gpu.Index == index)
            ?? throw new PlanException("device", machine.Gpus.Count == 0
                ? "No GPU is here that this build can compute on."
                : $"There is no device cuda:{index}; the last is cuda:{machine.Gpus[^1].Index}.", Remedy);
    }
}

/// <summary>The type that the networks compute in.</summary>
public enum ComputePrecision
{
    /// <summary>The model's own wish, then the device's: bfloat16 on a GPU that has it, float32 on a CPU.</summary>
    Auto,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16 bits with float32's range.</summary>
    Bfloat16,

    /// <summary>16 bits; the VAE stays in float32, since its activations leave float16's range on some images.</summary>
    Float16,

    /// <summary>64-bit floating point, for comparisons.</summary>
    Float64,
}

/// <summary>An option is out of its range, or does not fit the image, the model or the machine.</summary>
/// <param name="option">The option's name on the command line, without dashes ("tile"), or null where no single one is at fault.</param>
/// <param name="message">What is wrong.</param>
/// <param name="remedy">What to do next.</param>
public sealed class PlanException(string? option, string message, string? remedy = null) : HypirException(message, remedy)
{
    /// <summary>The option's name on the command line, without dashes, or null.</summary>
    public string? Option { get; } = option;
}
