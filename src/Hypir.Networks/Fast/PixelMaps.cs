using System.Numerics;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>Channels-last maps of images, and images of such maps.</summary>
internal static unsafe class PixelMaps
{
    /// <summary>Rents a map.</summary>
    /// <param name="memory">Provides the memory.</param>
    /// <param name="like">A tensor of the same type, batch, height and width, (B, C, H, W).</param>
    /// <param name="channels">Channels of the map.</param>
    /// <param name="lease">Returns the memory.</param>
    /// <param name="scale">How many times higher and wider the map is.</param>
    /// <returns>(B, H, W, channels), uninitialized, in the current scope.</returns>
    public static Tensor Rent(MapMemory memory, Tensor like, long channels, out IDisposable lease, int scale = 1) =>
        memory.Rent([like.shape[0], scale * like.shape[2], scale * like.shape[3], channels], like.dtype, out lease);

    /// <summary>Writes an image to a map, whose other channels become zero.</summary>
    /// <param name="x">(B, C, H, W).</param>
    /// <param name="map">(B, H, W, at least C), written.</param>
    public static void Write(Tensor x, Tensor map)
    {
        long channels = x.shape[1];
        using Tensor last = x.permute(0, 2, 3, 1), first = map.narrow(3, 0, channels);
        using Tensor rest = map.narrow(3, channels, map.shape[3] - channels);
        first.copy_(last);
        rest.zero_();
    }

    /// <summary>The first channels of a map as an image.</summary>
    /// <param name="map">(B, H, W, at least C).</param>
    /// <param name="channels">C.</param>
    /// <returns>(B, C, H, W), contiguous, owned by the caller.</returns>
    public static Tensor Read(Tensor map, long channels)
    {
        using Tensor first = map.narrow(3, 0, channels), image = first.permute(0, 3, 1, 2);
        return image.contiguous();
    }

    /// <summary>Pixel shuffle of a map, plus an image whose pixels are repeated.</summary>
    /// <param name="map">(B, H, W, at least C · scale²), contiguous.</param>
    /// <param name="image">(B, C, H, W).</param>
    /// <param name="scale">The factor of the enlargement.</param>
    /// <returns>(B, C, scale · H, scale · W), owned by the caller.</returns>
    public static Tensor ShuffledPlus(Tensor map, Tensor image, int scale)
    {
        using Tensor added = image.contiguous();
        Tensor result = empty([image.shape[0], image.shape[1], scale * image.shape[2], scale * image.shape[3]], image.dtype);
        if (image.dtype == ScalarType.Float32)
            Shuffle<float>(map, added, result, scale);
        else
            Shuffle<double>(map, added, result, scale);
        return result;
    }

    private static void Shuffle<T>(Tensor map, Tensor image, Tensor result, int scale)
        where T : unmanaged, INumberBase<T>
    {
        (int channels, int height, int width, int step) =
            ((int)image.shape[1], (int)image.shape[2], (int)image.shape[3], (int)map.shape[3]);
        T* source = TensorMemory.Pointer<T>(map), added = TensorMemory.Pointer<T>(image), target = TensorMemory.Pointer<T>(result);
        ParallelLoop.Run((int)(image.shape[0] * height), (from, to) =>
        {
            for (long row = from; row < to; row++)
            {
                (long batch, long y) = (row / height, row % height);
                for (int c = 0; c < channels; c++)
                {
                    long plane = batch * channels + c;
                    T* pixels = added + (plane * height + y) * width;
                    T* line = target + (plane * height + y) * scale * scale * width;
                    for (int i = 0; i < scale; i++, line += scale * width)
                        Line(source + row * width * step + (c * scale + i) * scale, pixels, line);
                }
            }
        });

        void Line(T* from, T* pixels, T* to)
        {
            for (int x = 0; x < width; x++, from += step, to += scale)
            {
                T pixel = pixels[x];
                for (int j = 0; j < scale; j++)
                    to[j] = from[j] + pixel;
            }
        }
    }
}
