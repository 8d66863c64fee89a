using System.Diagnostics;
using System.Globalization;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;
using Hypir.Protocol.Pixels;

namespace Hypir.PdnHost.Scenarios;

/// <summary>What the dialog itself takes, beside the computing.</summary>
internal static class Figures
{
    private const double Budget = 1.5;

    /// <summary>
    /// From the click to the result on the canvas, with a model that is loaded, beyond what a bare client of the engine waits for the same
    /// pixels.
    /// </summary>
    public static async Task ClickToResult(Stage stage)
    {
        RasterImage image = RasterImage.Drawn(512, 512, 50);
        JobResult bare = await Bare(stage, image);
        stage.Renew();
        long click = 0, usable = 0, shown = 0;
        stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            await dialog.Until(() => dialog.Preview.IsIdle, "the canvas is rendered");
            click = Stopwatch.GetTimestamp();
            dialog.Click("restore");
            await dialog.Until(() => dialog.CanClick("ok"), "the result is there");
            usable = Stopwatch.GetTimestamp();
            await dialog.Until(() => dialog.Preview.IsIdle, "the canvas is rendered");
            shown = Stopwatch.GetTimestamp();
            dialog.Click("cancel");
        });
        double whole = Stopwatch.GetElapsedTime(click, shown).TotalSeconds,
            rendering = Stopwatch.GetElapsedTime(usable, shown).TotalSeconds;
        double beyond = whole - bare.ComputeSeconds;
        stage.Report.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  click to result: {whole:0.00} s, {beyond:0.00} s beyond computing ({bare.ComputeSeconds:0.00} s): "
                    + $"{bare.PixelSeconds:0.00} s pixels in the engine, {rendering:0.00} s canvas, "
                    + $"{beyond - bare.PixelSeconds - rendering:0.00} s digest, transfer and window"
            )
        );
        Check.That(
            beyond < bare.ComputeSeconds + Budget, $"The dialog took {beyond:0.0} s beyond {bare.ComputeSeconds:0.0} s of computing.");
    }

    /// <summary>The second of two runs: the first loads the model.</summary>
    private static async Task<JobResult> Bare(Stage stage, RasterImage image)
    {
        JobResult? last = null;
        for (int i = 0; i < 2; i++)
        {
            byte[] pixels = image.Bytes.ToArray();
            var request = new RestoreRequest
            {
                Width = image.Width,
                Height = image.Height,
                Layout = PixelLayout.Bgra32,
            };
            using RestoredPixels result = await stage.Engine.Client.RestoreAsync(request, (row, rows) =>
                pixels.AsSpan(row * image.Width * 4, rows.Length).CopyTo(rows)
            );
            last = result.Result;
        }
        return last!;
    }
}
