using System.Windows.Forms;
using Hypir.Models.Tests.Support;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>A model is downloaded through the dialog, from its license to its first image.</summary>
internal static class Downloads
{
    private const string Entry = "get." + TinyModel.Name;

    // Where the server stops giving, the first time, the second …: shares of the largest file in thousandths.
    private static readonly int[] Given = [400, 700, 1000];

    /// <summary>
    /// The license is declined, then accepted; Stop is pressed half-way, the dialog is closed further on, and each time the download goes
    /// on where it was.
    /// </summary>
    public static async Task Model(Stage stage)
    {
        int times = 0;
        byte[] largest = TinyModel.Content(TinyModel.Largest);
        await using TestServer server = Servers.Start(
            (request, reply) =>
                IsLargest(request)
                    ? reply.SlowlyAsync(
                        request, largest,
                        (int)(largest.LongLength * Given[Math.Min(Interlocked.Increment(ref times), Given.Length) - 1] / 1000))
                    : reply.FileAsync(request, TinyModel.Content(request.Target[1..]))
        );
        await using OtherHome home = await OtherHome.EnterAsync(stage.Engine, null, ("models.yaml", TinyModel.List(server)));
        stage.Renew();
        RasterImage image = RasterImage.Drawn(90, 70, 70);
        DialogOutcome closed = stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            await Licensed(dialog, server);
            await Comes(dialog, 0, Given[0]);
            dialog.Click("stop");
            await dialog.Settled();
            Check.That(
                dialog.Status == "Stopped. Partial downloads are kept." && !dialog.Entries("model").Contains(TinyModel.Title),
                dialog.Status);

            await dialog.Pick(Entry);
            await Comes(dialog, Given[0], Given[1]);
            await dialog.Leave(dialog.Form.Close);
        });
        Check.That(closed.Result == DialogResult.Cancel, "It was accepted.");
        Check.Same(image, closed.After, "The layer");
        RasterImage restored = image;
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await dialog.Ready();
            await dialog.Pick(Entry);
            await dialog.Until(() => { NotAsked(dialog); return dialog.Status == $"{TinyModel.Title} is ready."; }, "the model is ready");
            Check.That(dialog.Find<ProgressBar>("progress").Value == 1000, "The progress has no end.");
            Check.That(dialog.Find<ComboBox>("model").Text == TinyModel.Title, $"{dialog.Find<ComboBox>("model").Text} is chosen.");
            await dialog.Menu(menu => Check.That(menu.Items.Find(Entry, true).Length == 0, "It is offered once more."));
            dialog.Click("restore");
            await dialog.Until(() => dialog.CanClick("ok"), "the result is there");
            await dialog.Settled();
            restored = dialog.Preview.Shown;
            dialog.Click("ok");
        });
        Check.Same(restored, outcome.After, "The layer");
        Check.Same(await Command.RestoreAsync(stage.Engine, image, model: TinyModel.Name), outcome.After, "The layer");
        long?[] from = [.. server.Requests.Where(IsLargest).Select(request => request.From)];
        Check.That(
            from is [null, > 0 and { } first, { } second]
                && first <= largest.LongLength * Given[0] / 1000
                && second > first
                && second <= largest.LongLength * Given[1] / 1000,
            $"The server was asked for bytes from {string.Join(", ", from)}."
        );
        Check.That(
            server.Requests.Where(request => !IsLargest(request)).GroupBy(request => request.Target).All(file => file.Count() == 1),
            "A file came twice.");
    }

    /// <summary>What the server does not have is said, in words of the dialog's language, and nothing of it becomes a model.</summary>
    public static async Task Refused(Stage stage)
    {
        await using TestServer server = Servers.Start(
            (request, reply) =>
                IsLargest(request)
                    ? reply.SendAsync("404 Not Found", "no")
                    : reply.FileAsync(request, TinyModel.Content(request.Target[1..]))
        );
        await using OtherHome home = await OtherHome.EnterAsync(stage.Engine, null, ("models.yaml", TinyModel.List(server)));
        await Looks.Show(stage, dark: false, "zh-CN", async dialog =>
        {
            await dialog.Ready();
            (await dialog.Choose(Entry)).Press("yes");
            await dialog.Until(() => stage.Editor.Services.Errors.Count > 0, "the error is shown");
            await dialog.Settled();
            Check.That(
                stage.Editor.Services.Errors is [(string said, string details)]
                    && said == "下载失败：服务器上没有该文件。\n\n请重试：会从停止处继续。"
                    && details.Contains("404", StringComparison.Ordinal),
                stage.Editor.Services.Errors[0].Message
            );
            Check.That(!dialog.Entries("model").Contains(TinyModel.Title) && dialog.CanClick("restore"), "The dialog cannot go on.");
            dialog.Click("cancel");
        });
    }

    /// <summary>Whether a request is for the file that downloads are held in.</summary>
    private static bool IsLargest(Request request) => request.Target[1..] == TinyModel.Largest;

    private static async Task Licensed(DialogSession dialog, TestServer server)
    {
        Form license = await dialog.Choose(Entry);
        Check.That(
            license.Controls.Find("text", true).Single().Text.Contains(TinyModel.Terms, StringComparison.Ordinal),
            "The license is not shown.");
        license.Press("no");
        await dialog.Until(() => dialog.Asked is null, "the license is gone");
        await dialog.Settled();
        Check.That(server.Requests.IsEmpty, "A license that was declined was taken for accepted.");
        license = await dialog.Choose(Entry);
        Check.That(server.Requests.IsEmpty, "Bytes were asked for before the license was accepted.");
        license.Press("yes");
        await dialog.Until(() => license.IsDisposed, "the license is gone");
    }

    /// <summary>Waits until the progress bar shows what the server gives, and has moved on the way without going back.</summary>
    private static async Task Comes(DialogSession dialog, int from, int until)
    {
        ProgressBar bar = dialog.Find<ProgressBar>("progress");
        double share = TinyModel.Content(TinyModel.Largest).LongLength / (double)TinyModel.Bytes;
        var seen = new SortedSet<int>();
        await dialog.Until(
            () =>
            {
                NotAsked(dialog);
                Check.That(
                    seen.Count == 0 || bar.Value >= seen.Max || bar.Value == 0, $"The progress went back from {seen.Max} to {bar.Value}.");
                seen.Add(bar.Value);
                return bar.Value >= share * until - 100;
            },
            "the server's part has come");
        Check.That(seen.Count(value => value > share * from) > 3, $"The progress did not move: {string.Join(", ", seen)}.");
        Check.That(dialog.Status.StartsWith(TinyModel.Title, StringComparison.Ordinal), dialog.Status);
    }

    private static void NotAsked(DialogSession dialog) => Check.That(dialog.Asked is null, "The license is asked for again.");
}
