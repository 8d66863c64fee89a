using System.Windows.Forms;
using Hypir.Models.Tests.Support;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>What scenarios are played with.</summary>
internal sealed class Stage(Plugin plugin, Engine engine, TextWriter report) : IDisposable
{
    private readonly Lazy<TestServer> _server = new(Servers.Holding);

    public Plugin Plugin { get; } = plugin;

    public Engine Engine { get; } = engine;

    /// <summary>An editor that was just started.</summary>
    public Editor Editor { get; private set; } = new(plugin);

    /// <summary>An engine that sees a GPU.</summary>
    public string GpuEngine => Environment.GetEnvironmentVariable("HYPIR_CARD_ENGINE") is { } gpu && File.Exists(gpu) ? gpu
        : throw new InvalidOperationException("HYPIR_CARD_ENGINE must name an engine that sees a GPU.");

    /// <summary>Downloads come from it, and do not end.</summary>
    public TestServer Server => _server.Value;

    /// <summary>Takes figures.</summary>
    public TextWriter Report { get; } = report;

    public int Sequences { get; init; }

    public int Seed { get; init; }

    /// <summary>Where images of the screen go; empty for none.</summary>
    public string Images { get; init; } = "";

    /// <summary>The image that is seen there; empty for a drawn one.</summary>
    public string Photo { get; init; } = "";

    /// <summary>What stands before the names of images: scaling, theme, language.</summary>
    public string Look { get; set; } = "";

    /// <summary>An editor that was just started, of a person who has never used the effect.</summary>
    public void Renew()
    {
        File.Delete(Path.Combine(Environment.GetEnvironmentVariable("HYPIR_HOME")!, "paint-net-effect.json"));
        Restart();
    }

    public void Dispose()
    {
        if (_server.IsValueCreated)
            Task.Run(() => _server.Value.DisposeAsync().AsTask()).Wait();
    }

    /// <summary>An editor that was just started.</summary>
    public void Restart() => Editor = new(Plugin);

    /// <summary>Opens the dialog and looks whether everything is gone with it.</summary>
    public DialogOutcome Dialog(RasterImage image, Func<DialogSession, Task> script, bool apart = false, Form? owner = null)
    {
        DialogOutcome outcome = Editor.ShowDialog(image, script, apart, owner);
        if (outcome.Failure is not null)
            throw new InvalidOperationException(outcome.Failure.Message, outcome.Failure);
        Check.That(outcome.Undisposed == 0, $"{outcome.Undisposed} controls outlived the dialog.");
        return outcome;
    }

    /// <summary>Opens the dialog, restores and accepts.</summary>
    public RasterImage Restored(RasterImage image, Action<DialogSession>? choose = null, bool apart = false)
    {
        DialogOutcome outcome = Dialog(
            image,
            async dialog =>
            {
                await dialog.Ready();
                choose?.Invoke(dialog);
                dialog.Click("restore");
                await dialog.Settled();
                Check.That(dialog.CanClick("ok"), $"There is no result: {dialog.Status}");
                await Snap(dialog, "result");
                dialog.Click("ok");
            },
            apart);
        Check.That(outcome.Result == DialogResult.OK, "The dialog was not accepted.");
        return outcome.After;
    }

    /// <summary>Takes an image of the screen, once for each name.</summary>
    public async Task Snap(DialogSession dialog, string name)
    {
        string file = Path.Combine(Images, Look + name + ".png");
        if (Images.Length == 0 || !Unix.HasCamera || File.Exists(file))
            return;
        dialog.Form.Refresh();
        await DialogSession.Tick();
        Unix.Photograph(dialog.Form.Bounds, file.Replace('\\', '/').Replace("Z:", "", StringComparison.Ordinal));
        await dialog.Until(() => File.Exists(file), "the image is taken");
        for (int i = 0; i < 40; i++)
            await DialogSession.Tick();
    }
}
