using System.Windows.Forms;
using Hypir.Models.Tests.Support;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>What keys do, pressed as on a keyboard.</summary>
internal static class Keyboard
{
    /// <summary>Enter in a field computes what was typed, however little of it the system has taken over; once more applies it.</summary>
    public static async Task Enter(Stage stage)
    {
        if (!Unix.HasMouse)
            return;
        stage.Renew();
        RasterImage image = RasterImage.Drawn(90, 70, 82);
        long jobs = await stage.Engine.JobsAsync();
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            dialog.Find<CheckBox>("advanced").Checked = true;
            await DialogSession.Tick();
            dialog.Click("restore");
            await dialog.Until(() => dialog.CanClick("ok"), "the result is there");
            await dialog.Settled();
            var seed = dialog.Find<NumericUpDown>("seed");
            seed.Focus();
            seed.Select(0, seed.Text.Length);
            foreach (string key in (string[])["7", "7", "5"])
                Unix.Press(key);
            await dialog.Until(() => seed.Text == "775" && dialog.CanClick("restore"), "what is typed counts");
            Check.That(dialog.Status.StartsWith("The canvas shows a result of earlier settings", StringComparison.Ordinal), dialog.Status);
            Unix.Press("Return");
            await dialog.Until(() => !dialog.CanClick("restore") && dialog.CanClick("ok"), "Enter computes");
            await dialog.Settled();
            Check.That(dialog.Form.Visible && seed.Text == "775", "Enter has closed the dialog.");
            Unix.Press("Return");
        });
        Check.That(outcome.Result == DialogResult.OK, "It was not accepted.");
        Check.That(await stage.Engine.JobsAsync() == jobs + 2, "It was not computed once more.");
        string token = stage.Editor.LastToken!.GetType().GetProperty("Settings")!.GetValue(stage.Editor.LastToken)!.ToString()!;
        Check.That(token.Contains("Seed = 775", StringComparison.Ordinal), token);
    }

    /// <summary>OK asks before it applies a result of other settings than those that are set.</summary>
    public static Task Outdated(Stage stage)
    {
        stage.Renew();
        RasterImage image = RasterImage.Drawn(90, 70, 83);
        RasterImage? shown = null;
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            dialog.Click("restore");
            await dialog.Until(() => dialog.CanClick("ok"), "the result is there");
            await dialog.Settled();
            Check.That(dialog.Form.AcceptButton is Button { Name: "ok" }, "Enter does not apply the result.");
            dialog.Find<ComboBox>("timestep").SelectedIndex = 4;
            Check.That(dialog.Form.AcceptButton is Button { Name: "restore" }, "Enter applies a result of other settings.");
            shown = dialog.Preview.Shown;
            foreach (string answer in (string[])["no", "yes"])
            {
                dialog.Form.BeginInvoke(() => dialog.Click("ok"));
                await dialog.Until(() => dialog.Asked is not null, "it is asked");
                Looks.Fits(dialog.Asked!);
                dialog.Asked!.Press(answer);
                await dialog.Until(() => dialog.Asked is null, "the question is gone");
                Check.That(answer == "yes" || dialog.Form.Visible, "It was applied.");
            }
        });
        Check.That(outcome.Result == DialogResult.OK, "It was not accepted.");
        Check.Same(shown!, outcome.After, "The layer");
        return Task.CompletedTask;
    }

    /// <summary>The key of the diagnostics copies them, and moves the keyboard to nothing else.</summary>
    public static async Task Links(Stage stage)
    {
        if (!Unix.HasMouse)
            return;
        await using IAsyncDisposable back = await stage.Engine.InsteadAsync(@"C:\nothing\hypir.exe");
        stage.Renew();
        Clipboard.Clear();
        stage.Dialog(RasterImage.Drawn(60, 50, 84), async dialog =>
        {
            await dialog.Ready();
            dialog.Click("restore");
            await dialog.Until(() => stage.Editor.Services.Errors.Count > 0, "the error is shown");
            Unix.Press("alt+y");
            await dialog.Until(
                () => dialog.Status.EndsWith("The diagnostics are on the clipboard.", StringComparison.Ordinal),
                "the key copies the diagnostics");
            Check.That(Clipboard.GetText().Contains("protocol", StringComparison.Ordinal), Clipboard.GetText());
            Check.That(
                dialog.Form.ActiveControl is LinkLabel { Name: "diagnostics" }, $"The keyboard is at {dialog.Form.ActiveControl?.Name}.");
            dialog.Click("cancel");
        });
    }

    /// <summary>The key of the terms opens them, and a space after it accepts nothing.</summary>
    public static async Task License(Stage stage)
    {
        if (!Unix.HasMouse)
            return;
        await using TestServer server = Servers.Start((request, reply) => reply.FileAsync(request, TinyModel.Content(request.Target[1..])));
        await using OtherHome home = await OtherHome.EnterAsync(stage.Engine, null, ("models.yaml", TinyModel.List(server)));
        foreach ((string language, bool dark) in (IEnumerable<(string, bool)>)[("en-US", false), ("zh-CN", true)])
        {
            await Looks.Show(stage, dark, language, async dialog =>
            {
                await dialog.Ready();
                List<string> addresses = stage.Editor.Services.Addresses;
                addresses.Clear();
                Form license = await dialog.Choose("get." + TinyModel.Name);
                Unix.Press("alt+t");
                await dialog.Until(() => addresses.Count == 1, "the key opens the terms");
                Check.That(license.ActiveControl is LinkLabel { Name: "link" }, $"The keyboard is at {license.ActiveControl?.Name}.");
                Unix.Press("space");
                Unix.Press("alt+t");
                await dialog.Until(() => addresses.Count == 2, "the key opens the terms once more");
                Check.That(dialog.Asked == license && server.Requests.IsEmpty, "The license was accepted.");
                license.Press("no");
                await dialog.Until(() => dialog.Asked is null, "the license is gone");
                await dialog.Until(() => dialog.CanClick("restore"), "the dialog can be used");
                Check.That(server.Requests.IsEmpty, "Something was downloaded.");
                dialog.Click("cancel");
            });
        }
    }
}
