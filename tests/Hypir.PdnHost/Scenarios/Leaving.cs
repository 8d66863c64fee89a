using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>How the dialog is left while something would be lost.</summary>
internal static class Leaving
{
    /// <summary>The first Escape, or the cross, stops the run and leaves the dialog open; the next one closes it.</summary>
    public static Task Escape(Stage stage)
    {
        RasterImage image = RasterImage.Drawn(900, 700, 80);
        foreach (bool cross in (bool[])[false, true])
        {
            stage.Renew();
            // A script that is not at its end when the dialog closes is not heard of any more.
            bool stayed = false;
            DialogOutcome outcome = stage.Dialog(image, async dialog =>
            {
                await dialog.Ready();
                dialog.Click("restore");
                await Life.Started(dialog);
                Close(dialog, cross);
                await dialog.Settled();
                Check.That(
                    dialog.Form.Visible && dialog.CanClick("restore") && dialog.Status.StartsWith("Stopped.", StringComparison.Ordinal),
                    dialog.Status);
                Check.Same(image, dialog.Preview.Shown, "The canvas");
                stayed = true;
                Close(dialog, cross);
            });
            Check.That(stayed, "The dialog was closed, and not only the run stopped.");
            Check.That(outcome.Result == DialogResult.Cancel, "It was accepted.");
        }
        return Task.CompletedTask;
    }

    /// <summary>
    /// What took long is asked about: while it is computed, and when its result would be thrown away. Nobody waits a minute here: the limit
    /// is set to nothing.
    /// </summary>
    public static Task Asked(Stage stage)
    {
        stage.Renew();
        RasterImage image = RasterImage.Drawn(900, 700, 81);
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            Model(dialog).GetType().GetProperty("WorthAsking")!.SetValue(Model(dialog), TimeSpan.Zero);
            dialog.Click("restore");
            await Life.Started(dialog);
            dialog.Form.BeginInvoke(dialog.Form.Close);
            await dialog.Until(() => dialog.Asked is not null, "it is asked whether to stop");
            Looks.Fits(dialog.Asked!);
            dialog.Asked!.Press("no");
            await dialog.Until(() => dialog.Asked is null, "the question is gone");
            Check.That(
                dialog.Form.Visible && !dialog.Status.StartsWith("Stop", StringComparison.Ordinal), $"It was stopped: {dialog.Status}");
            await dialog.Settled();
            Check.That(dialog.CanClick("ok"), $"There is no result: {dialog.Status}");
            dialog.Form.BeginInvoke(dialog.Form.Close);
            await dialog.Until(() => dialog.Asked is not null, "it is asked whether to discard the result");
            Looks.Fits(dialog.Asked!);
            dialog.Asked!.Press("no");
            await dialog.Until(() => dialog.Asked is null, "the question is gone");
            Check.That(dialog.Form.Visible && dialog.CanClick("ok"), "The result was thrown away.");
            dialog.Form.BeginInvoke(() => dialog.Click("cancel"));
            await dialog.Until(() => dialog.Asked is not null, "it is asked whether to discard the result");
            dialog.Asked!.Press("yes");
        });
        Check.That(outcome.Result == DialogResult.Cancel, "It was accepted.");
        Check.Same(image, outcome.After, "The layer");
        return Task.CompletedTask;
    }

    private static void Close(DialogSession dialog, bool cross)
    {
        if (cross)
            dialog.Form.Close();
        else if (Unix.HasMouse)
            Unix.Press("Escape");
        else
            dialog.Form.CancelButton!.PerformClick();
    }

    private static object Model(DialogSession dialog) =>
        dialog
            .Form.GetType()
            .GetField("_model", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!
            .GetValue(dialog.Form)!;
}
