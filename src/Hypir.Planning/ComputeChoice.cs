using System.Globalization;
using Hypir.Planning.Machine;

namespace Hypir.Planning;

/// <summary>The device and types in which the networks compute.</summary>
/// <param name="Device">"cpu", "cuda:N", "webgpu:N" or "directml:N".</param>
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

    /// <summary>What evaluates the networks as graphs on a GPU of any vendor; null if torch computes them.</summary>
    public GraphPlace? Graphs { get; init; }

    /// <summary>Where torch keeps its tensors: "cpu" or "cuda:N".</summary>
    public string TorchDevice => Graphs is null ? Device : "cpu";

    /// <summary>Chooses by the user's options, then the model's needs, then the machine and the speeds that were measured on it.</summary>
    /// <param name="options">The requested device and precision.</param>
    /// <param name="model">The model.</param>
    /// <param name="machine">The machine.</param>
    /// <inheritdoc cref="Resolve(RestoreOptions, ModelNeeds, MachineFacts)" path="/exception"/>
    public static ComputeChoice Resolve(RestoreOptions options, ModelFacts model, MachineFacts machine)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Resolve(options with { Device = DeviceDecision.Of(options, model, machine) }, model.Needs, machine);
    }

    /// <summary>Chooses by the user's options, then the model's needs, then the machine.</summary>
    /// <param name="options">The requested device and precision.</param>
    /// <param name="needs">The model's preferences.</param>
    /// <param name="machine">The devices.</param>
    /// <exception cref="PlanException">The device does not exist, or its name is invalid.</exception>
    /// <exception cref="UsageException">The kernel name is unknown.</exception>
    public static ComputeChoice Resolve(RestoreOptions options, ModelNeeds needs, MachineFacts machine)
    {
        DeviceName name = DeviceName.Parse(options.Device)
            ?? throw new PlanException("device", $"Unknown device \"{options.Device}\".", $"Devices are {DeviceName.All}.");
        if (name.Kind is DeviceKind.WebGpu or DeviceKind.DirectMl || (name.Kind == DeviceKind.Gpu && machine.Gpus.Count == 0))
            return OnAnyGpu(name, options, machine);
        GpuFacts? gpu = Gpu(name, machine);
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

    private static GpuFacts? Gpu(DeviceName name, MachineFacts machine)
    {
        if (name.Kind is DeviceKind.Auto or DeviceKind.Gpu)
            return machine.Gpus.Count > 0 ? machine.Gpus[0] : null;
        if (name.Kind == DeviceKind.Cpu)
            return null;
        return machine.Gpus.FirstOrDefault(gpu => gpu.Index == name.Index)
            ?? throw new PlanException("device", machine.Gpus.Count == 0
                ? "This machine has no GPU that this build can compute on."
                : $"There is no device cuda:{name.Index}; the last is cuda:{machine.Gpus[^1].Index}.", "Choose auto or cpu.");
    }

    /// <summary>A GPU of any vendor, which computes in float32.</summary>
    private static ComputeChoice OnAnyGpu(DeviceName name, RestoreOptions options, MachineFacts machine)
    {
        if (machine.Graphs is not { } graphs)
        {
            throw new PlanException(
                "device", "ONNX Runtime, which computes on GPUs of any vendor, is not here.",
                "`hypir gpu install any` downloads it; or choose auto or cpu.");
        }

        string device = name.Kind == DeviceKind.Gpu
            ? graphs.Devices.FirstOrDefault(one => graphs.TestOf(one)?.Problem is null) ?? graphs.Devices[0]
            : string.Create(CultureInfo.InvariantCulture, $"{(name.Kind == DeviceKind.WebGpu ? "webgpu" : "directml")}:{name.Index}");
        if (!graphs.Devices.Contains(device))
            throw new PlanException(
                "device", $"There is no device {device} here.", $"Choose {string.Join(" or ", graphs.Devices)}, or cpu.");
        if (options.Precision is not (ComputePrecision.Auto or ComputePrecision.Float32))
            throw new PlanException("precision", $"Networks compute in float32 on {device}.", "Omit --precision.");
        if (options.Unmerged)
            throw new PlanException("device", $"LoRA weights cannot stay unmerged on {device}.", "Choose cpu, or merge them.");
        return new(device, ComputePrecision.Float32, ComputePrecision.Float32)
        {
            Kernels = KernelChoice.Parse(machine.Kernels),
            Graphs = graphs.PlaceOf(device),
        };
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
