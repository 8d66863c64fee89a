using System.Runtime.InteropServices;
using Hypir.Imaging.Vips;
using NetVips;

namespace Hypir.Imaging;

/// <summary>Compresses images in memory as JPEG files and decodes them again, with libjpeg: the damage of a real file.</summary>
public static class JpegRoundTrip
{
    /// <summary>Compresses and decodes.</summary>
    /// <param name="rgb">R, G, B, row after row.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="quality">1 to 100.</param>
    /// <param name="halved">Whether chroma is stored at half the resolution (4:2:0); otherwise at full (4:4:4).</param>
    /// <returns>The decoded image, in the same layout.</returns>
    public static byte[] Apply(byte[] rgb, int width, int height, int quality, bool halved)
    {
        VipsLibrary.Prepare();
        return VipsGuard.Run(() =>
        {
            using var plain = Image.NewFromMemory(rgb, width, height, 3, Enums.BandFormat.Uchar);
            using var image = plain.Copy(interpretation: Enums.Interpretation.Srgb);
            var subsampling = halved ? Enums.ForeignSubsample.On : Enums.ForeignSubsample.Off;
            byte[] file = image.JpegsaveBuffer(q: quality, subsampleMode: subsampling, keep: Enums.ForeignKeep.None);
            using var decoded = Image.JpegloadBuffer(file);
            nint samples = decoded.WriteToMemory(out ulong size);
            try
            {
                var result = new byte[checked((int)size)];
                Marshal.Copy(samples, result, 0, result.Length);
                return result;
            }
            finally
            {
                NetVips.NetVips.Free(samples);
            }
        });
    }
}
