namespace Hypir.Restoration.Planning;

/// <summary>How fast a model ran on a device of this machine.</summary>
/// <param name="Device">"cpu" or "cuda:N".</param>
/// <param name="Precision">The type that the UNet computed in.</param>
/// <param name="Model">The model's name.</param>
/// <param name="OperationsPerSecond">Operations of the plan (2 for a multiplication with addition) over seconds.</param>
/// <param name="Mode">The way of computing.</param>
public sealed record MeasuredSpeed(string Device, ComputePrecision Precision, string Model, double OperationsPerSecond, RestoreMode Mode = RestoreMode.Fast)
{
    /// <summary>Whether both were measured of the same: device, precision, model and mode.</summary>
    /// <param name="other">An older measurement.</param>
    public bool Replaces(MeasuredSpeed other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Device, Precision, Model, Mode) == (other.Device, other.Precision, other.Model, other.Mode);
    }
}
