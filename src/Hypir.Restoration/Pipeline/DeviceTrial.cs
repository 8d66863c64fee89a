using Hypir.Imaging;
using Hypir.Planning;
using Hypir.Planning.Machine;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Measures a model on one tile on each device that a choice must compare, at the first use on a machine with GPUs of any vendor.
/// </summary>
public static class DeviceTrial
{
    /// <summary>Measures what was never measured, and remembers it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="lora">A file of LoRA weights, or null.</param>
    /// <param name="options">The options of the images to come.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="speeds">Remembers the speeds.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The machine with the new speeds.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static MachineFacts Run(
        ModelSource model, string? lora, RestoreOptions options, MachineFacts machine, SpeedBook speeds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(speeds);
        IReadOnlyList<string> devices = DeviceDecision.Unmeasured(options, model.Facts, machine);
        foreach (string device in devices)
            if (Measure(model, lora, options, machine, device, cancellation) is { } speed)
                speeds.Remember(speed);
        return devices.Count == 0 ? machine : machine with { Speeds = speeds.Read() };
    }

    private static MeasuredSpeed? Measure(
        ModelSource model, string? lora, RestoreOptions options, MachineFacts machine, string device, CancellationToken cancellation)
    {
        RestoreOptions one = options.AtOwnSize() with { Device = device, Precision = ComputePrecision.Float32, Strength = 1 };
        try
        {
            using Restorer restorer = Restorer.Load(model, one, machine, lora, cancellation);
            if (device == "cpu")
                return restorer.MeasureSpeed(one, machine, cancellation) is { } speed
                    ? new(device, ComputePrecision.Float32, model.Facts.Name, speed, one.Mode)
                    : null;
            int side = model.Facts.TileOf(one);
            var gray = new byte[3 * side * side];
            gray.AsSpan().Fill(128);
            var image = new RasterImage(side, side, 8, gray, null);
            RestorePlan plan = RestorePlan.Create(side, side, false, one, model.Facts, machine);
            // The first time, the driver compiles its programs.
            restorer.Restore(image, plan, null, cancellation);
            return restorer.Restore(image, plan, null, cancellation).Speed;
        }
        catch (HypirException)
        {
            // A device that cannot compute it is not chosen.
            return null;
        }
    }
}
