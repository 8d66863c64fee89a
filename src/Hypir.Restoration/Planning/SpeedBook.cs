using System.Text.Json;
using System.Text.Json.Serialization;
using Hypir.Core.Files;

namespace Hypir.Restoration.Planning;

/// <summary>
/// The file in which speeds measured on this machine are kept, so that a plan can tell seconds. It is a convenience: what cannot be read or
/// written is as good as absent.
/// </summary>
/// <param name="path">The file.</param>
public sealed class SpeedBook(string path)
{
    private const int MostEntries = 1000;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    /// <summary>What is known, the newest first.</summary>
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
    /// Remembers how fast a plan ran, unless a better measurement is known: of a small image most of the time is start-up.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="speed">What was measured.</param>
    public void Learn(RestorePlan plan, MeasuredSpeed speed)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(speed);
        // The size decides, not the seconds: on a busy machine even a start takes long.
        long side = plan.Model.TileOf(new());
        bool telling = 2 * plan.Sizes.Padded.Pixels >= side * side;
        // Weights beside the model's take longer, and nothing plans with them.
        if (!plan.Options.Unmerged && (telling || !Read().Any(speed.Replaces)))
            Remember(speed);
    }

    /// <summary>Puts a measurement in the place of an older one of the same model, device and precision.</summary>
    /// <param name="speed">What was measured.</param>
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
            // A read-only profile: the next plan tells no seconds.
        }
    }
}

/// <summary>How fast a model ran on a device of this machine.</summary>
/// <param name="Device">"cpu" or "cuda:N".</param>
/// <param name="Precision">The type that the UNet computed in.</param>
/// <param name="Model">The model's name.</param>
/// <param name="OperationsPerSecond">Operations of the plan (2 for a multiplication with addition) over seconds.</param>
/// <param name="Mode">The way of computing.</param>
public sealed record MeasuredSpeed(
    string Device, ComputePrecision Precision, string Model, double OperationsPerSecond, RestoreMode Mode = RestoreMode.Fast)
{
    /// <summary>Whether both were measured of the same: device, precision, model and mode.</summary>
    /// <param name="other">An older measurement.</param>
    public bool Replaces(MeasuredSpeed other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Device, Precision, Model, Mode) == (other.Device, other.Precision, other.Model, other.Mode);
    }
}
