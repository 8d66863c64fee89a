using System.Drawing;
using System.Drawing.Imaging;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Driving;

/// <summary>What `hypir restore` makes of an image.</summary>
internal static class Command
{
    public static async Task<RasterImage> RestoreAsync(
        Engine engine, RasterImage image, int strength = 100, int upscale = 1, string model = "auto")
    {
        string folder = Directory.CreateTempSubdirectory("hypir-host-").FullName,
            input = Path.Combine(folder, "in.png"),
            output = Path.Combine(folder, "out.png");
        try
        {
            Save(image, input);
            await engine
                .RunAsync(
                    "restore", input, "-o", output, "--strength", FormattableString.Invariant($"{strength / 100.0}"), "--upscale",
                    $"{upscale}", "--model", model)
                .ConfigureAwait(false);
            return RasterImage.Open(output, transparent: true);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Save(RasterImage image, string file)
    {
        using var bitmap = new Bitmap(image.Width, image.Height, PixelFormat.Format32bppArgb);
        for (int i = 0; i < image.Pixels.Length; i++)
            bitmap.SetPixel(i % image.Width, i / image.Width, Color.FromArgb((int)image.Pixels[i].Bgra));
        bitmap.Save(file, ImageFormat.Png);
    }
}
