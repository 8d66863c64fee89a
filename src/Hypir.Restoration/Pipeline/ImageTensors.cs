using Hypir.Networks;
using Hypir.Planning;
using Hypir.Planning.Tiles;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Converts interleaved samples to tensors in 0 … 1 and back. Reading and writing back with rounding is lossless for all 256 or 65,536
/// values.
/// </summary>
internal static class ImageTensors
{
    /// <summary>Reads a part of an image.</summary>
    /// <param name="samples">Interleaved samples, row after row.</param>
    /// <param name="width">Pixels in a row of the image.</param>
    /// <param name="channels">Samples per pixel.</param>
    /// <param name="bits">8, or 16 in native byte order.</param>
    /// <param name="window">The part.</param>
    /// <param name="type">float32 or float64.</param>
    /// <returns>(1, channels, window.Height, window.Width), owned by the caller.</returns>
    public static Tensor Read(byte[] samples, int width, int channels, int bits, TileWindow window, ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor integers = empty([window.Height, window.Width, channels], bits == 8 ? uint8 : int16);
        int pixel = channels * (bits / 8);
        int row = window.Width * pixel;
        for (int y = 0; y < window.Height; y++)
        {
            long from = ((long)(window.Top + y) * width + window.Left) * pixel;
            samples.AsSpan(checked((int)from), row).CopyTo(integers.bytes.Slice(y * row, row));
        }
        // torch has no arithmetic on unsigned 16-bit integers: they pass as signed ones, whose upper half is negative.
        Tensor unsigned = bits == 8 ? integers : integers.to(int32).bitwise_and(0xFFFF);
        return unsigned.to(type).DivideInPlace(Largest(bits)).permute(2, 0, 1).unsqueeze(0).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Writes rows into an image of the same width. Values outside 0 … 1 are clamped.</summary>
    /// <param name="rows">(1, channels, n, width), floating point, on the CPU.</param>
    /// <param name="samples">Interleaved samples, row after row.</param>
    /// <param name="start">The first row to write.</param>
    /// <param name="bits">8, or 16 in native byte order.</param>
    /// <param name="truncate">Whether values are truncated, as the reference does, instead of rounded.</param>
    public static void Write(Tensor rows, byte[] samples, int start, int bits, bool truncate)
    {
        using var scope = NewDisposeScope();
        Tensor scaled = rows[0].permute(1, 2, 0).Times(Largest(bits)).ClampInPlace(0, Largest(bits));
        if (!truncate)
            scaled.round_();
        Tensor integers = (bits == 8 ? scaled.to(uint8) : scaled.to(int32).to(int16)).contiguous();
        Span<byte> bytes = integers.bytes;
        long rowBytes = bytes.Length / rows.shape[2];
        bytes.CopyTo(samples.AsSpan(checked((int)(start * rowBytes))));
    }

    private static int Largest(int bits) => (1 << bits) - 1;
}

/// <summary>
/// Bicubic resampling like PyTorch's <c>interpolate</c>, with edges repeated and corners not aligned; results may overshoot the input's
/// range.
/// </summary>
internal static class Resampling
{
    /// <summary>
    /// Scales by an explicit factor: output position i maps to (i + 0.5) / factor - 0.5, regardless of the rounded-down size. Four taps
    /// with a = -0.75.
    /// </summary>
    /// <param name="x">(B, C, H, W), float32 or float64.</param>
    /// <param name="factor">Above 0.</param>
    /// <returns>(B, C, ⌊H·factor⌋, ⌊W·factor⌋).</returns>
    public static Tensor ByFactor(Tensor x, double factor) =>
        nn.functional.interpolate(x, scale_factor: [factor, factor], mode: InterpolationMode.Bicubic, align_corners: false);

    /// <summary>Scales to a size.</summary>
    /// <param name="x">(B, C, H, W), float32 or float64.</param>
    /// <param name="size">The new size.</param>
    /// <param name="antialias">Whether to widen the filter when shrinking (a is then -0.5, when enlarging too).</param>
    /// <returns>(B, C, size.Height, size.Width).</returns>
    public static Tensor ToSize(Tensor x, PixelSize size, bool antialias) =>
        nn.functional.interpolate(
            x, size: [size.Height, size.Width], mode: InterpolationMode.Bicubic, align_corners: false, antialias: antialias);
}

/// <summary>Copies tile inputs to the device.</summary>
internal static class Uploads
{
    /// <summary>Converts a tensor to a type and moves it to a device.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="type">The type.</param>
    /// <param name="device">The device. A copy to a GPU starts from pinned memory: it is queued behind the tile that the GPU is computing,
    /// and this thread continues. (The library reuses that memory once the copy is done.)</param>
    /// <returns>The tensor itself if nothing changes, otherwise a copy in the current scope.</returns>
    public static Tensor Upload(this Tensor x, ScalarType type, Device device)
    {
        if (device.type != DeviceType.CUDA || x.device_type != DeviceType.CPU)
            return x.to(type, device);
        using Tensor here = x.contiguous();
        using Tensor kept = here.pin_memory();
        return kept.to(device, non_blocking: true).to(type);
    }
}
