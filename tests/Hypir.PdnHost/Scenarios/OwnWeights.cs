using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;
using Hypir.Protocol.Messages;

namespace Hypir.PdnHost.Scenarios;

/// <summary>A person's own LoRA weights become a model, by the system's window for files.</summary>
internal static class OwnWeights
{
    private const int TimestepOf150 = 3, TileOf256 = 1;

    /// <summary>
    /// With their base, their name, and the advanced settings of that moment; a window that is cancelled changes nothing.
    /// </summary>
    public static async Task Added(Stage stage)
    {
        await using OtherHome home = await OtherHome.EnterAsync(stage.Engine, null);
        await stage.Engine.Client.AddModelAsync(new() { Path = TinyModel.Folder, Name = TinyModel.Name });
        string file = Path.Combine(home.Folder, "Grandmother's.pth");
        File.Copy(TinyModel.Lora, file);
        stage.Renew();
        RasterImage image = RasterImage.Drawn(80, 60, 71);
        string title = "";
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            ComboBox timestep = dialog.Find<ComboBox>("timestep"),
                tile = dialog.Find<ComboBox>("tile"),
                model = dialog.Find<ComboBox>("model");
            (timestep.SelectedIndex, tile.SelectedIndex) = (TimestepOf150, TileOf256);
            List<string> before = dialog.Entries("model");
            (string chosen, string status) = (model.Text, dialog.Status);
            await Window(dialog, null);
            Check.That(
                dialog.Entries("model").SequenceEqual(before)
                    && (model.Text, dialog.Status) == (chosen, status)
                    && !dialog.CanClick("stop"),
                "A window that was cancelled changed something."
            );
            Check.That(
                (timestep.SelectedIndex, tile.SelectedIndex) == (TimestepOf150, TileOf256),
                "A window that was cancelled changed a setting."
            );

            await Window(dialog, file);
            await dialog.Until(() => dialog.Status.EndsWith("is ready.", StringComparison.Ordinal), "the weights are a model");
            title = dialog.Entries("model").Except(before).Single();
            Check.That(
                model.Text == title && dialog.Status.StartsWith(title, StringComparison.Ordinal),
                $"{model.Text} is chosen: {dialog.Status}"
            );
            Check.That((timestep.SelectedIndex, tile.SelectedIndex) == (0, 0), "The settings are not the model's own now.");
            dialog.Click("restore");
            await dialog.Until(() => dialog.CanClick("ok"), "the result is there");
            await dialog.Settled();
            dialog.Click("ok");
        });
        ModelEntry added = (await stage.Engine.Client.ListModelsAsync()).Models.Single(entry => entry.Base == TinyModel.Name);
        Check.That(
            title.StartsWith(added.Name, StringComparison.Ordinal) && (added.CoeffT, added.Tile) == (150, 256), $"{title} is {added}.");
        Check.Same(await Command.RestoreAsync(stage.Engine, image, model: added.Name), outcome.After, "The layer");
        Check.Changed(
            await Command.RestoreAsync(stage.Engine, image, model: TinyModel.Name), outcome.After, "The layer, beside the base's");
    }

    /// <summary>A file that holds something else is refused in the dialog's language.</summary>
    public static async Task Refused(Stage stage)
    {
        await using OtherHome home = await OtherHome.EnterAsync(stage.Engine, null);
        string file = Path.Combine(home.Folder, "page.safetensors");
        await File.WriteAllTextAsync(file, "<html>");
        foreach (
            (string language, string message) in (IEnumerable<(string, string)>)
                [("en-US", "The model cannot be used. "), ("zh-CN", "该模型无法使用。\n\n请选择其他模型")]
        )
        {
            await Looks.Show(stage, dark: false, language, async dialog =>
            {
                await dialog.Ready();
                List<string> before = dialog.Entries("model");
                await Window(dialog, file);
                await dialog.Until(() => stage.Editor.Services.Errors.Count > 0, "the error is shown");
                await dialog.Settled();
                (string said, string details) = stage.Editor.Services.Errors.Single();
                Check.That(
                    said.StartsWith(message, StringComparison.Ordinal) && details.Contains("web page", StringComparison.Ordinal),
                    $"{said}\n{details}");
                Check.That(dialog.Entries("model").SequenceEqual(before) && dialog.CanClick("restore"), "The dialog cannot go on.");
                dialog.Click("cancel");
            });
        }
    }

    /// <summary>Has the menu open the window for files, and chooses one or cancels.</summary>
    public static async Task Window(DialogSession dialog, string? file)
    {
        await dialog.Pick("addModel");
        await dialog.Until(() => FileWindow.IsOpen, "the window for files is open");
        if (file is null)
            FileWindow.Cancel();
        else
            FileWindow.Choose(file);
        await dialog.Until(() => !FileWindow.IsOpen, "the window for files is gone");
        await DialogSession.Tick();
    }
}
