using System.Diagnostics;
using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;
using PaintDotNet.Effects;

namespace Hypir.PdnHost.Scenarios;

/// <summary>What happens when.</summary>
internal static class Life
{
    public static Task Menu(Stage stage)
    {
        using BitmapEffect effect = stage.Plugin.Create();
        Check.That(effect.Name == "Hypir restoration" && effect.SubmenuName == "Photo", $"{effect.SubmenuName} > {effect.Name}");
        Check.That(effect.HostOptions.IsConfigurable, "The effect has no dialog.");
        Check.That(Application.OpenForms.Count == 0, "A window opened.");
        return Task.CompletedTask;
    }

    public static async Task NothingUnasked(Stage stage)
    {
        RasterImage image = RasterImage.Drawn(120, 90, 20);
        long jobs = await stage.Engine.JobsAsync();
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            await stage.Snap(dialog, "ready");
            await dialog.Until(() => dialog.Preview.IsIdle, "the canvas is rendered");
            Check.Same(image, dialog.Preview.Shown, "The canvas");
            Check.That(!dialog.CanClick("ok") && !dialog.CanClick("stop"), "OK or Stop can be clicked.");
            dialog.Click("cancel");
        });
        Check.Same(image, outcome.After, "The layer");
        Check.That(await stage.Engine.JobsAsync() == jobs, "The engine was given a job.");
    }

    public static Task Cancel(Stage stage)
    {
        RasterImage image = RasterImage.Drawn(120, 90, 21);
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            dialog.Click("restore");
            await dialog.Settled();
            Check.Changed(image, dialog.Preview.Shown, "The canvas");
            dialog.Click("cancel");
        });
        Check.That(outcome.Result == DialogResult.Cancel, "It was accepted.");
        Check.Same(image, outcome.After, "The layer");
        return Task.CompletedTask;
    }

    public static async Task NoSecondTime(Stage stage)
    {
        RasterImage image = RasterImage.Drawn(120, 90, 22);
        stage.Renew();
        RasterImage after = stage.Restored(image);
        long jobs = await stage.Engine.JobsAsync();
        Check.Same(after, await stage.Editor.RepeatAsync(image, CancellationToken.None), "The same pixels again");
        Check.That(await stage.Engine.JobsAsync() == jobs, "It was computed again.");
    }

    public static async Task Reopened(Stage stage)
    {
        RasterImage image = RasterImage.Drawn(120, 90, 22), other = RasterImage.Drawn(120, 90, 23);
        stage.Renew();
        RasterImage after = stage.Restored(image);
        long jobs = await stage.Engine.JobsAsync();
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await dialog.Until(() => dialog.CanClick("ok") && dialog.Preview.IsIdle, "the result is shown");
            Check.Same(after, dialog.Preview.Shown, "The canvas");
            dialog.Click("ok");
        });
        Check.Same(after, outcome.After, "The layer");
        // Another layer: the old result must not be shown, and nothing be computed.
        stage.Dialog(other, async dialog =>
        {
            await dialog.Ready();
            await dialog.Until(() => dialog.Preview.IsIdle, "the canvas is rendered");
            Check.Same(other, dialog.Preview.Shown, "The other canvas");
            Check.That(!dialog.CanClick("ok"), "OK can be clicked.");
            dialog.Click("cancel");
        });
        Check.That(await stage.Engine.JobsAsync() == jobs, "It was computed again.");
    }

    public static Task Kept(Stage stage)
    {
        stage.Renew();
        stage.Restored(RasterImage.Drawn(60, 50, 31), dialog =>
        {
            dialog.Find<TrackBar>("strength").Value = 42;
            dialog.Find<ComboBox>("timestep").SelectedIndex = 2;
        });
        stage.Restart();
        stage.Dialog(RasterImage.Drawn(60, 50, 31), async dialog =>
        {
            await dialog.Ready();
            Check.That(
                dialog.Find<TrackBar>("strength").Value == 42 && dialog.Find<ComboBox>("timestep").SelectedIndex == 2,
                "The settings were not kept.");
            Check.That(!dialog.CanClick("ok"), "There is a result.");
            dialog.Click("cancel");
        });
        stage.Renew();
        return Task.CompletedTask;
    }

    /// <summary>The preview of an area shows in the dialog and leaves the canvas.</summary>
    public static Task Area(Stage stage)
    {
        stage.Renew();
        RasterImage image = RasterImage.Drawn(300, 200, 32).Select((x, y) => x > 40 ? 255 : 0);
        stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            dialog.Click("area");
            await dialog.Settled();
            Check.That(dialog.Status.StartsWith("The view shows", StringComparison.Ordinal), dialog.Status);
            Check.Same(image, dialog.Preview.Shown, "The canvas");
            Check.That(!dialog.CanClick("ok") && dialog.CanClick("restore"), "A preview can be applied.");
            dialog.Click("cancel");
        });
        return Task.CompletedTask;
    }

    public static async Task Repeat(Stage stage)
    {
        RasterImage other = RasterImage.Drawn(140, 100, 24).Select((x, y) => x > 20 && y > 30 ? 255 : 0);
        stage.Renew();
        stage.Restored(RasterImage.Drawn(120, 90, 22));
        RasterImage after = await stage.Editor.RepeatAsync(other, CancellationToken.None);
        Check.Same(await Expected.OfAsync(stage.Engine.Client, other), after, "The layer");
    }

    public static async Task RepeatCancelled(Stage stage)
    {
        stage.Renew();
        stage.Restored(RasterImage.Drawn(60, 50, 25));
        using var cancellation = new CancellationTokenSource();
        Task<RasterImage> repeating = stage.Editor.RepeatAsync(RasterImage.Drawn(1200, 900, 26), cancellation.Token);
        while ((await stage.Engine.Client.GetStatusAsync()).Running is null)
            Check.That(!repeating.IsCompleted, "It did not run.");
        long start = Stopwatch.GetTimestamp();
        await cancellation.CancelAsync();
        try
        {
            await repeating;
            Check.That(false, "It was not cancelled.");
        }
        catch (OperationCanceledException)
        {
            Check.That(Stopwatch.GetElapsedTime(start).TotalSeconds < 4, "It took long to cancel.");
        }
    }

    public static Task Stop(Stage stage)
    {
        RasterImage image = RasterImage.Drawn(900, 700, 27);
        stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            dialog.Click("restore");
            await Started(dialog);
            await stage.Snap(dialog, "running");
            dialog.Click("stop");
            await dialog.Settled();
            Check.That(dialog.CanClick("restore") && !dialog.CanClick("ok"), dialog.Status);
            Check.Same(image, dialog.Preview.Shown, "The canvas");
            dialog.Click("cancel");
        });
        return Task.CompletedTask;
    }

    public static async Task CloseWhileRunning(Stage stage)
    {
        RasterImage image = RasterImage.Drawn(900, 700, 28);
        bool closedAtOnce = false;
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            dialog.Click("restore");
            await Started(dialog);
            dialog.Form.Close();
            closedAtOnce = !dialog.Form.Visible;
            dialog.Form.Close();
        });
        Check.That(!closedAtOnce, "The dialog closed before the run was over.");
        Check.That(outcome.Result == DialogResult.Cancel, "It was accepted.");
        Check.Same(image, outcome.After, "The layer");
        while ((await stage.Engine.Client.GetStatusAsync()).Running is not null)
            await DialogSession.Tick();
    }

    public static async Task DoubleClick(Stage stage)
    {
        long jobs = await stage.Engine.JobsAsync();
        stage.Dialog(RasterImage.Drawn(300, 200, 29), async dialog =>
        {
            await dialog.Ready();
            dialog.Click("restore");
            dialog.Click("restore");
            await dialog.Settled();
            dialog.Click("restore");
            await dialog.Settled();
            dialog.Click("cancel");
        });
        Check.That(await stage.Engine.JobsAsync() == jobs + 1, $"{await stage.Engine.JobsAsync() - jobs} jobs came of clicks for one.");
    }

    public static async Task Mouse(Stage stage)
    {
        if (!Unix.HasMouse)
            return;
        long jobs = await stage.Engine.JobsAsync();
        DialogOutcome outcome = stage.Dialog(RasterImage.Drawn(300, 200, 30), async dialog =>
        {
            await dialog.Ready();
            Unix.Click(dialog.Middle("restore"), 2);
            await dialog.Until(() => dialog.CanClick("ok"), "the result is there");
            await dialog.Settled();
            Unix.Click(dialog.Middle("ok"), 1);
        });
        Check.That(outcome.Result == DialogResult.OK, "It was not accepted.");
        Check.That(await stage.Engine.JobsAsync() == jobs + 1, $"{await stage.Engine.JobsAsync() - jobs} jobs came of a double click.");
    }

    /// <summary>Until tiles are computed.</summary>
    public static Task Started(DialogSession dialog) =>
        dialog.Until(
            () => dialog.Find<ProgressBar>("progress").Value > 0 || dialog.Status.StartsWith("Restoring", StringComparison.Ordinal),
            "tiles are computed");
}
