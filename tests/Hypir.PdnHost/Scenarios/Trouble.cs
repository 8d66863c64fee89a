using System.Diagnostics;
using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>What can go wrong, and what the user sees.</summary>
internal static class Trouble
{
    public static async Task Killed(Stage stage)
    {
        RasterImage image = RasterImage.Drawn(1400, 1000, 40);
        stage.Renew();
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            dialog.Click("restore");
            await Life.Started(dialog);
            await stage.Engine.KillAsync();
            await dialog.Settled();
            Check.That(dialog.CanClick("ok"), $"There is no result: {dialog.Status}");
            Check.That(
                dialog.Status.Contains("stopped unexpectedly", StringComparison.Ordinal), $"The crash is not reported: {dialog.Status}");
            dialog.Click("ok");
        });
        Check.Same(await Expected.OfAsync(stage.Engine.Client, image), outcome.After, "The layer");
        Check.That(stage.Editor.Services.Errors.Count == 0, "An error was shown.");
    }

    public static Task KilledTwice(Stage stage)
    {
        stage.Renew();
        RasterImage image = RasterImage.Drawn(1400, 1000, 41);
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            dialog.Click("restore");
            for (int i = 0; i < 2; i++)
            {
                await Life.Started(dialog);
                await stage.Engine.KillAsync();
                await dialog.Until(
                    () => !dialog.CanClick("stop") || dialog.Status.Contains("and was restarted", StringComparison.Ordinal),
                    "the crash is noticed");
                await dialog.Until(
                    () =>
                        !dialog.CanClick("stop")
                        || dialog.Status.StartsWith("Restoring", StringComparison.Ordinal)
                        || dialog.Status.StartsWith("Reading", StringComparison.Ordinal),
                    "it runs again"
                );
            }
            await dialog.Settled();
            await stage.Snap(dialog, "crashed");
            dialog.Click("cancel");
        });
        Check.Same(image, outcome.After, "The layer");
        Told(stage, "stopped unexpectedly twice", "exit code");
        return Task.CompletedTask;
    }

    public static async Task NoEngine(Stage stage)
    {
        await using IAsyncDisposable back = await stage.Engine.InsteadAsync(@"C:\nothing\hypir.exe");
        stage.Renew();
        stage.Dialog(RasterImage.Drawn(60, 50, 42), async dialog =>
        {
            await dialog.Ready();
            Check.That(stage.Editor.Services.Errors.Count == 0, "An error was shown before anybody asked.");
            dialog.Click("restore");
            await dialog.Until(() => stage.Editor.Services.Errors.Count > 0, "the error is shown");
            await stage.Snap(dialog, "no-engine");
            dialog.Click("cancel");
        });
        Told(stage, "not installed", "not found");
    }

    public static async Task NoModel(Stage stage)
    {
        string bare = Environment.GetEnvironmentVariable("HYPIR_BARE_ENGINE") ?? "";
        if (!File.Exists(bare))
            throw new InvalidOperationException("HYPIR_BARE_ENGINE must name an engine without models.");
        await using IAsyncDisposable back = await stage.Engine.InsteadAsync(bare);
        stage.Renew();
        stage.Dialog(RasterImage.Drawn(60, 50, 43), async dialog =>
        {
            await dialog.Ready();
            dialog.Click("restore");
            await dialog.Until(() => stage.Editor.Services.Errors.Count > 0, "the error is shown");
            await stage.Snap(dialog, "no-model");
            dialog.Click("cancel");
        });
        Told(stage, "no usable model", "");
    }

    public static async Task RepeatWithoutEngine(Stage stage)
    {
        stage.Renew();
        stage.Restored(RasterImage.Drawn(60, 50, 44));
        await using IAsyncDisposable back = await stage.Engine.InsteadAsync(@"C:\nothing\hypir.exe");
        try
        {
            await stage.Editor.RepeatAsync(RasterImage.Drawn(60, 50, 45), CancellationToken.None);
            Check.That(false, "It did not fail.");
        }
        catch (Exception failure) when (failure is not InvalidOperationException)
        {
            Check.That(
                failure.Message.Contains("not installed", StringComparison.Ordinal)
                    && failure.Message.Contains("Install Hypir", StringComparison.Ordinal),
                failure.Message
            );
        }
    }

    /// <summary>Twelve megapixels: the dialog stays alive, the effect takes what it says, and closing ends the run.</summary>
    public static Task Large(Stage stage)
    {
        stage.Renew();
        RasterImage image = RasterImage.Drawn(4000, 3000, 46);
        long before = 0, during = 0;
        stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            await dialog.Until(() => dialog.Preview.IsIdle, "the canvas is rendered");
            before = GC.GetTotalMemory(true);
            dialog.Click("restore");
            long last = Stopwatch.GetTimestamp();
            double longest = 0;
            await dialog.Until(
                () =>
                {
                    longest = Math.Max(longest, Stopwatch.GetElapsedTime(last).TotalSeconds);
                    last = Stopwatch.GetTimestamp();
                    return dialog.Find<ProgressBar>("progress").Value > 20;
                },
                "tiles are computed");
            during = GC.GetTotalMemory(true);
            await stage.Snap(dialog, "large");
            Check.That(longest < 2, $"The dialog did not answer for {longest:0.0} s.");
            await dialog.Leave(dialog.Form.Close);
        });
        double bytes = (during - before) / 12e6;
        stage.Report.WriteLine($"  memory of the effect: {bytes:0.00} bytes per pixel");
        // The result takes 4; the rest is blocks of constant size.
        Check.That(bytes < 4.5, $"{bytes:0.00} bytes per pixel.");
        return Task.CompletedTask;
    }

    private static void Told(Stage stage, string message, string details)
    {
        Check.That(stage.Editor.Services.Errors.Count == 1, $"{stage.Editor.Services.Errors.Count} errors were shown.");
        (string said, string diagnostics) = stage.Editor.Services.Errors[0];
        Check.That(said.Contains(message, StringComparison.Ordinal) && said.Contains("\n\n", StringComparison.Ordinal), said);
        Check.That(diagnostics.Contains(details, StringComparison.Ordinal), diagnostics);
    }
}
