using System.Drawing;
using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>What the menu More promises, to its end.</summary>
internal static class More
{
    /// <summary>The file is what the command makes of the same pixels; a window that is cancelled writes nothing.</summary>
    public static async Task CopyToFile(Stage stage)
    {
        stage.Renew();
        RasterImage image = RasterImage.Drawn(110, 80, 60);
        string folder = Directory.CreateTempSubdirectory("hypir-host-").FullName, file = Path.Combine(folder, "copy.png");
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            dialog.Find<TrackBar>("strength").Value = 63;
            await dialog.Pick("copyFile2");
            await dialog.Until(() => FileWindow.IsOpen, "the window for files is open");
            FileWindow.Cancel();
            await dialog.Until(() => !FileWindow.IsOpen, "the window for files is gone");
            Check.That(
                !dialog.CanClick("stop") && Directory.GetFiles(folder).Length == 0, "A copy was made of a window that was cancelled.");

            await dialog.Pick("copyFile2");
            await dialog.Until(() => FileWindow.IsOpen, "the window for files is open");
            FileWindow.Choose(file);
            await dialog.Until(() => dialog.Status.Contains("copy.png", StringComparison.Ordinal), "the copy is said to be saved");
            await dialog.Settled();
            Check.Same(image, dialog.Preview.Shown, "The canvas");
            dialog.Click("cancel");
        });
        Check.Same(image, outcome.After, "The layer");
        Check.That(
            Directory.GetFiles(folder) is [string only] && only == file,
            $"The folder has {string.Join(", ", Directory.GetFiles(folder))}."
        );
        Same(await Command.RestoreAsync(stage.Engine, image, 63, upscale: 2), RasterImage.Open(file), "The file");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>What can be pasted is what the command makes: by those who take transparency with it, by others without.</summary>
    public static async Task CopyToClipboard(Stage stage)
    {
        stage.Renew();
        foreach (
            (RasterImage image, int scale) in (IEnumerable<(RasterImage, int)>)
                [(RasterImage.Drawn(70, 50, 61, transparent: true), 2), (RasterImage.Drawn(70, 50, 61), 4)]
        )
        {
            Clipboard.Clear();
            stage.Dialog(image, async dialog =>
            {
                await dialog.Ready();
                await dialog.Pick($"copyClipboard{scale}");
                await dialog.Until(Clipboard.ContainsImage, "an image can be pasted");
                await dialog.Settled();
                dialog.Click("cancel");
            });
            RasterImage expected = await Command.RestoreAsync(stage.Engine, image, upscale: scale);
            Check.That(Clipboard.GetDataObject()?.GetData("PNG") is Stream, "There is no PNG image on the clipboard.");
            using (var png = new Bitmap((Stream)Clipboard.GetDataObject()!.GetData("PNG")!))
                Same(expected, RasterImage.Of(png, transparent: true), $"The PNG image on the clipboard, {scale}x,");
            using var bitmap = (Bitmap)Clipboard.GetImage()!;
            Check.That(
                bitmap.Width == expected.Width && bitmap.Height == expected.Height, $"The bitmap on the clipboard has {bitmap.Size}.");
            // Of what is not opaque a bitmap shows some ground.
            if (scale == 4)
                Same(expected, RasterImage.Of(bitmap), "The bitmap on the clipboard");
        }
    }

    /// <summary>Kept under a name, used after the editor's next start, deleted.</summary>
    public static Task Presets(Stage stage)
    {
        const string Name = "For old prints";
        stage.Renew();
        RasterImage image = RasterImage.Drawn(60, 50, 62);
        stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            dialog.Find<TrackBar>("strength").Value = 41;
            dialog.Find<ComboBox>("timestep").SelectedIndex = 3;
            await Asked(dialog, "Thrown away", "no");
            Check.That(!dialog.Entries("preset").Contains("Thrown away"), "A preset was kept that was not agreed to.");
            await Asked(dialog, Name, "yes");
            Check.That(dialog.Find<ComboBox>("preset").Text == Name, $"The preset is \"{dialog.Find<ComboBox>("preset").Text}\".");
            dialog.Click("cancel");
        });
        stage.Restart();
        stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            ComboBox preset = dialog.Find<ComboBox>("preset");
            Check.That(dialog.Find<TrackBar>("strength").Value != 41, "The settings of a dialog that was cancelled were taken over.");
            Check.That(dialog.Entries("preset").Contains(Name), "The preset was not kept.");
            preset.SelectedIndex = dialog.Entries("preset").IndexOf(Name);
            Check.That(
                dialog.Find<TrackBar>("strength").Value == 41 && dialog.Find<ComboBox>("timestep").SelectedIndex == 3,
                "The preset's settings were not taken.");
            await dialog.Pick("deletePreset");
            await dialog.Until(() => !dialog.Entries("preset").Contains(Name), "the preset is deleted");
            dialog.Click("cancel");
        });
        stage.Restart();
        stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            Check.That(!dialog.Entries("preset").Contains(Name), "The preset is there again.");
            dialog.Click("cancel");
        });
        return Task.CompletedTask;
    }

    /// <summary>The menu's entry and F1 open the page beside the effect.</summary>
    public static Task Help(Stage stage)
    {
        stage.Renew();
        stage.Dialog(RasterImage.Drawn(60, 50, 63), async dialog =>
        {
            await dialog.Ready();
            List<string> addresses = stage.Editor.Services.Addresses;
            addresses.Clear();
            await dialog.Pick("help");
            await dialog.Until(() => addresses.Count == 1, "the menu's help opens");
            if (Unix.HasMouse)
            {
                Unix.Press("F1");
                await dialog.Until(() => addresses.Count == 2, "F1 opens help");
                Unix.Click(dialog.Middle("help"), 1);
                await dialog.Until(() => addresses.Count == 3, "the link opens help");
                Unix.Press("alt+m");
                await dialog.Until(() => ThreadWindows.Menu() is not null, "the key opens the menu");
                Unix.Press("h");
                await dialog.Until(() => addresses.Count == 4 && ThreadWindows.Menu() is null, "the key opens help");
            }
            foreach (string address in addresses)
                Check.That(
                    new Uri(address) is { IsFile: true } page
                        && File.ReadAllText(page.LocalPath).Contains("<html lang=\"en\"", StringComparison.Ordinal),
                    $"{address} is no page of help in English."
                );
            dialog.Click("cancel");
        });
        return Task.CompletedTask;
    }

    /// <summary>Types a preset's name and answers.</summary>
    private static async Task Asked(DialogSession dialog, string name, string answer)
    {
        Form asked = await dialog.Choose("savePreset");
        asked.ActiveControl!.Text = name;
        asked.Press(answer);
        await dialog.Until(() => dialog.Asked is null, "the window is gone");
    }

    private static void Same(RasterImage expected, RasterImage actual, string what)
    {
        Check.That(
            (expected.Width, expected.Height) == (actual.Width, actual.Height),
            $"{what} has {actual.Width}x{actual.Height} pixels, not {expected.Width}x{expected.Height}.");
        Check.Same(expected, actual, what);
    }
}
