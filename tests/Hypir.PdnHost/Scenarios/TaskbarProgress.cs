using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>Progress on the button that the editor's window has in the task bar.</summary>
internal static class TaskbarProgress
{
    private const int None = 0, Normal = 2, Error = 4; // TBPF_NOPROGRESS, TBPF_NORMAL, TBPF_ERROR

    /// <summary>
    /// It rises while a run is under way and is gone with it; a run that fails leaves the color of errors until the next one, or until the
    /// dialog closes.
    /// </summary>
    public static async Task Play(Stage stage)
    {
        string folder = Directory.CreateTempSubdirectory("hypir-host-").FullName, file = Path.Combine(folder, "page.safetensors");
        await File.WriteAllTextAsync(file, "<html>");
        stage.Renew();
        using var recorder = new TaskbarRecorder();
        using var window = new Form { Text = "Editor" };
        window.Show();
        nint handle = window.Handle;
        int seen = 0;
        List<TaskbarCall> Next()
        {
            List<TaskbarCall> calls = [.. recorder.Calls.Skip(seen)];
            seen += calls.Count;
            Check.That(calls.TrueForAll(call => call.Window == handle), "Another window than the editor's has progress.");
            return calls;
        }

        stage.Dialog(
            RasterImage.Drawn(400, 300, 75),
            async dialog =>
            {
                await dialog.Ready();
                Check.That(Next().Count == 0, "Progress shows before anybody asked.");
                await Rises(dialog, Next, "area");
                await Fails(stage, dialog, Next, file);
                await Rises(dialog, Next, "restore");
                await Fails(stage, dialog, Next, file);
                dialog.Click("cancel");
            },
            owner: window);
        Check.That(Next() is [{ State: None }], "The closed dialog has left its color.");
        Directory.Delete(folder, recursive: true);
    }

    private static async Task Rises(DialogSession dialog, Func<List<TaskbarCall>> next, string button)
    {
        dialog.Click(button);
        await Life.Started(dialog);
        await dialog.Settled();
        List<TaskbarCall> calls = next();
        string told = string.Join(", ", calls.Select(call => call.State is { } state ? $"state {state}" : $"{call.Done}/{call.Whole}"));
        Check.That(calls is [{ State: Normal }, .., { State: None }] && calls.Count(call => call.State is not null) == 2, told);
        List<ulong> values = [.. calls.Where(call => call.State is null).Select(call => call.Done)];
        Check.That(values.SequenceEqual(values.Order()) && values.Distinct().Count() > 3 && values[^1] > 900 && values[^1] <= 1000, told);
    }

    private static async Task Fails(Stage stage, DialogSession dialog, Func<List<TaskbarCall>> next, string file)
    {
        stage.Editor.Services.Errors.Clear();
        await OwnWeights.Window(dialog, file);
        await dialog.Until(() => stage.Editor.Services.Errors.Count > 0, "the error is shown");
        List<TaskbarCall> calls = next();
        Check.That(
            calls is [{ State: Normal }, .., { State: Error }, { State: null } last] && last.Done == last.Whole, string.Join(", ", calls));
    }
}
