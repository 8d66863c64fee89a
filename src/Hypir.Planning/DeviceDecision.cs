using Hypir.Planning.Machine;

namespace Hypir.Planning;

/// <summary>
/// What "auto" and "gpu" stand for on a machine with GPUs of any vendor: the fastest device by what was measured there. An integrated GPU
/// is often slower than the CPU.
/// </summary>
public static class DeviceDecision
{
    private const string Cpu = "cpu";

    /// <summary>The device that a choice stands for.</summary>
    /// <param name="options">The requested device and precision.</param>
    /// <param name="model">The model.</param>
    /// <param name="machine">The machine with its measured speeds.</param>
    /// <returns>A device of ONNX Runtime's, or the choice itself.</returns>
    public static string Of(RestoreOptions options, ModelFacts model, MachineFacts machine)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(machine);
        string[] gpus = Candidates(options, model, machine);
        if (gpus.Length == 0)
            return options.Device;
        // The first of those that are equal: the preferred one if none was measured.
        string best = gpus.MaxBy(gpu => SpeedOn(gpu, options, model, machine) ?? 0)!;
        if (DeviceName.Parse(options.Device)!.Value.Kind == DeviceKind.Gpu)
            return best;
        // Only a GPU that is known to be faster replaces the CPU.
        return SpeedOn(best, options, model, machine) > SpeedOn(Cpu, options, model, machine) ? best : options.Device;
    }

    /// <summary>The devices that must be measured before the choice is good.</summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlyList<string> Unmeasured(RestoreOptions options, ModelFacts model, MachineFacts machine)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(machine);
        string[] gpus = Candidates(options, model, machine);
        if (gpus.Length == 0)
            return [];
        bool auto = DeviceName.Parse(options.Device)!.Value.Kind == DeviceKind.Auto;
        string[] compared = auto ? [.. gpus, Cpu] : gpus.Length > 1 ? gpus : [];
        return [.. compared.Where(device => SpeedOn(device, options, model, machine) is null)];
    }

    /// <summary>
    /// GPUs of any vendor that may be chosen: none where CUDA computes, where one is named, or where they cannot compute.
    /// </summary>
    private static string[] Candidates(RestoreOptions options, ModelFacts model, MachineFacts machine)
    {
        bool any = machine is { Graphs: not null, Gpus.Count: 0 }
            && DeviceName.Parse(options.Device) is { Kind: DeviceKind.Auto or DeviceKind.Gpu }
            && options.Precision is ComputePrecision.Auto or ComputePrecision.Float32 && !options.Unmerged
            && options is { Mode: RestoreMode.Fast, Strength: > 0 } && model.SinglePass is not { IsProgram: false };
        return any ? [.. machine.Graphs!.Devices.Where(device => machine.Graphs.TestOf(device)?.Problem is null)] : [];
    }

    private static double? SpeedOn(string device, RestoreOptions options, ModelFacts model, MachineFacts machine) => machine.SpeedOf(
        device, ComputePrecision.Float32, model.Name, options.Mode, device == Cpu ? null : machine.Graphs!.IdentityOf(device))
        ?.OperationsPerSecond;
}
