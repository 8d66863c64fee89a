using System.Drawing;
using System.Drawing.Imaging;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Driving;

/// <summary>What `hypir restore` makes of a picture.</summary>
internal static class Command
{
    public static async Task<RasterImage> RestoreAsync(
        Engine engine, RasterImage picture, int strength = 100, int upscale = 1, string model = "nano")
    {
        string folder = Directory.CreateTempSubdirectory("hypir-host-").FullName,
            input = Path.Combine(folder, "in.png"),
            output = Path.Combine(folder, "out.png");
        try
        {
            Save(picture, input);
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

    private static void Save(RasterImage picture, string file)
    {
        using var bitmap = new Bitmap(picture.Width, picture.Height, PixelFormat.Format32bppArgb);
        for (int i = 0; i < picture.Pixels.Length; i++)
            bitmap.SetPixel(i % picture.Width, i / picture.Width, Color.FromArgb((int)picture.Pixels[i].Bgra));
        bitmap.Save(file, ImageFormat.Png);
    }
}
