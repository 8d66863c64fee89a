using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Copies of what tiles are computed from to the device.</summary>
internal static class Uploads
{
    /// <summary>A tensor in a type on a device.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="type">The type.</param>
    /// <param name="device">The device. To a graphics card it goes from memory that the system keeps in place: the copy is queued behind the tile that the card is at, and this
    /// thread goes on. (The library gives that memory out again when the copy has been made.)</param>
    /// <returns>The tensor itself where it is so already, else a copy of the current scope.</returns>
    public static Tensor Upload(this Tensor x, ScalarType type, Device device)
    {
        if (device.type != DeviceType.CUDA || x.device_type != DeviceType.CPU)
            return x.to(type, device);
        using Tensor here = x.contiguous();
        using Tensor kept = here.pin_memory();
        return kept.to(device, non_blocking: true).to(type);
    }
}
