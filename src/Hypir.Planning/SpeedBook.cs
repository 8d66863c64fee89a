using System.Text.Json;
using System.Text.Json.Serialization;
using Hypir.Core.Files;

namespace Hypir.Planning;

/// <summary>
/// The file of speeds measured on this machine, which lets plans estimate seconds. It is a convenience: if it cannot be read or written, it
/// is treated as absent.
/// </summary>
/// <param name="path">The file.</param>
public sealed class SpeedBook(string path)
{
    /// <summary>An image of half as many pixels as a square of this side tells how fast a single-pass network is.</summary>
    private const int TellingSide = 256;

    private const int MostEntries = 1000;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    /// <summary>The known speeds, newest first.</summary>
    public IReadOnlyList<MeasuredSpeed> Read()
    {
        try
        {
            var speeds = JsonSerializer.Deserialize<List<MeasuredSpeed?>>(File.ReadAllText(path), Json) ?? [];
            return
            [
                .. speeds
                    .OfType<MeasuredSpeed>()
                    .Where(speed => speed.OperationsPerSecond > 0 && double.IsFinite(speed.OperationsPerSecond)),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>
    /// Records how fast a plan ran unless a better measurement is known: with a small image most of the time is start-up.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="speed">The measurement.</param>
    public void Learn(RestorePlan plan, MeasuredSpeed speed)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(speed);
        // The size decides, not the seconds: on a busy machine even the start takes long.
        bool single = plan.Model.SinglePass is not null;
        long side = single ? TellingSide : plan.Model.TileOf(new()), pixels = (single ? plan.Sizes.Input : plan.Sizes.Padded).Pixels;
        bool telling = 2 * pixels >= side * side;
        // A poor figure is better than none, except of a fast network: the next run measures it before it estimates.
        bool wanted = telling || (!single && !Read().Any(speed.Replaces));
        // Unmerged weights take longer, and no plan assumes them.
        if (!plan.Options.Unmerged && wanted)
            Remember(speed);
    }

    /// <summary>Replaces an older measurement of the same model, device and precision.</summary>
    /// <param name="speed">The measurement.</param>
    public void Remember(MeasuredSpeed speed)
    {
        var others = Read().Where(old => !speed.Replaces(old));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var replacement = new FileReplacement(path);
            File.WriteAllText(replacement.Temporary, JsonSerializer.Serialize(others.Prepend(speed).Take(MostEntries), Json));
            replacement.Keep();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A read-only profile: the next plan has no time estimate.
        }
    }
}

/// <summary>The speed of a model on a device of this machine.</summary>
/// <param name="Device">"cpu" or "cuda:N".</param>
/// <param name="Precision">The type that the UNet computed in.</param>
/// <param name="Model">The model's name.</param>
/// <param name="OperationsPerSecond">The plan's operations (a multiply-add counts as 2) divided by seconds.</param>
/// <param name="Mode">The compute mode.</param>
/// <param name="Adapter">What identifies a GPU of any vendor and its driver; null for other devices.</param>
public sealed record MeasuredSpeed(
    string Device, ComputePrecision Precision, string Model, double OperationsPerSecond, RestoreMode Mode = RestoreMode.Fast,
    string? Adapter = null)
{
    /// <summary>Whether both measure the same device, precision, model, mode, GPU and driver.</summary>
    /// <param name="other">An older measurement.</param>
    public bool Replaces(MeasuredSpeed other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Device, Precision, Model, Mode, Adapter) == (other.Device, other.Precision, other.Model, other.Mode, other.Adapter);
    }
}
