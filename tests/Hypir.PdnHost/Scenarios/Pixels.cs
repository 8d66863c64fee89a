using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>The right pixels in the right places.</summary>
internal static class Pixels
{
    public static Task Whole(Stage stage) => Compare(stage, RasterImage.Drawn(200, 150, 1));

    public static Task Apart(Stage stage) => Compare(stage, RasterImage.Drawn(90, 70, 2), apart: true);

    public static Task Feathered(Stage stage) =>
        Compare(
            stage,
            RasterImage.Drawn(220, 160, 3).Select((x, y) => (int)(320 - 6 * Math.Sqrt((x - 110) * (x - 110) + (y - 80) * (y - 80))))
        );

    public static Task Irregular(Stage stage) =>
        Compare(stage, RasterImage.Drawn(240, 180, 4).Select((x, y) => x % 60 < 25 && y % 40 < 30 && x + y > 90 ? 255 : 0));

    public static Task Tiny(Stage stage) => Compare(stage, RasterImage.Drawn(200, 160, 5).Select((x, y) => x == 101 && y == 77 ? 255 : 0));

    public static Task Narrow(Stage stage) =>
        Compare(stage, RasterImage.Drawn(200, 160, 6).Select((x, y) => x is >= 50 and < 53 && y is > 10 and < 150 ? 255 : 0));

    public static Task Border(Stage stage) => Compare(stage, RasterImage.Drawn(180, 140, 7).Select((x, y) => x > 150 || y > 120 ? 255 : 0));

    public static Task Transparent(Stage stage) => Compare(stage, RasterImage.Drawn(160, 120, 8, transparent: true));

    public static Task NotSrgb(Stage stage) =>
        Compare(stage, RasterImage.Drawn(160, 120, 9, exponent: 0.8).Select((x, y) => y > 20 ? 200 : 0));

    /// <summary>The whole layer, as the command line does it, at full strength and at others.</summary>
    public static async Task Command(Stage stage)
    {
        RasterImage image = RasterImage.Drawn(180, 130, 12);
        foreach (int strength in (int[])[100, 37, 50])
        {
            stage.Renew();
            RasterImage after = stage.Restored(image, dialog => dialog.Find<TrackBar>("strength").Value = strength);
            Check.Same(await Driving.Command.RestoreAsync(stage.Engine, image, strength), after, $"The layer at {strength} %");
        }
    }

    public static async Task Double(Stage stage)
    {
        RasterImage image = RasterImage.Drawn(120, 90, 10, transparent: true).Select((x, y) => x > 30 ? 255 : 0);
        stage.Renew();
        RasterImage after = stage.Restored(image, dialog => dialog.Find<ComboBox>("scale").SelectedIndex = 1);
        Check.Same(await Expected.OfAsync(stage.Engine.Client, image, scale: 2), after, "The layer");
    }

    public static async Task Strength(Stage stage)
    {
        RasterImage image = RasterImage.Drawn(150, 110, 11).Select((x, y) => x + y > 60 ? 255 : 0);
        RasterImage[] expected =
        [
            image, await Expected.OfAsync(stage.Engine.Client, image, strength: 37),
            await Expected.OfAsync(stage.Engine.Client, image),
        ];
        stage.Renew();
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            dialog.Click("restore");
            await dialog.Settled();
            long jobs = await stage.Engine.JobsAsync();
            TrackBar strength = dialog.Find<TrackBar>("strength");
            foreach ((int percent, RasterImage shown) in ((int, RasterImage)[])[(0, expected[0]), (100, expected[2]), (37, expected[1])])
            {
                strength.Value = percent;
                await dialog.Until(() => dialog.Preview.IsIdle, "the canvas is rendered");
                Check.Same(shown, dialog.Preview.Shown, $"The canvas at {percent} %");
            }
            Check.That(await stage.Engine.JobsAsync() == jobs, "The strength asked the engine.");
            dialog.Click("ok");
        });
        Check.Same(expected[1], outcome.After, "The layer");
    }

    private static async Task Compare(Stage stage, RasterImage image, bool apart = false)
    {
        stage.Renew();
        RasterImage after = stage.Restored(image, apart: apart);
        Check.Changed(image, after, "The layer");
        Check.Same(await Expected.OfAsync(stage.Engine.Client, image), after, "The layer");
        for (int i = 0; i < image.Mask.Length; i++)
            Check.That(image.Mask[i].A != 0 || image.Pixels[i] == after.Pixels[i], "A pixel outside of the selection changed.");
    }
}
