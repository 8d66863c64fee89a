using System.Windows.Forms;
using Hypir.Models.Tests.Support;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>The offer to compute on the GPU is taken up. The GPU is one that cannot compute, so this goes as far as the plan.</summary>
internal static class Gpu
{
    private const string Model = "NVIDIA GeForce RTX 4070";

    /// <summary>
    /// What it takes is downloaded, verified and installed; from then on the plan is the GPU's, and nothing is offered any more.
    /// </summary>
    public static async Task Accepted(Stage stage)
    {
        var archive = GpuArchive.Claiming();
        await using TestServer server = Servers.Start((request, reply) => reply.SlowlyAsync(request, archive.Bytes, archive.Bytes.Length));
        await using OtherHome home = await OtherHome.EnterAsync(stage.Engine, stage.GpuEngine, ("backends.yaml", archive.List(server)));
        stage.Renew();
        stage.Dialog(RasterImage.Drawn(80, 60, 72), async dialog =>
        {
            await Offered(dialog);
            Form offer = await dialog.Choose("gpu");
            Check.That(
                offer.Controls.Find("text", true).Single().AccessibleName!.Contains(Model, StringComparison.Ordinal),
                "The GPU is not named.");
            offer.Press("no");
            await dialog.Until(() => dialog.Asked is null, "the offer is gone");
            await dialog.Settled();
            Check.That(server.Requests.IsEmpty, "An offer that was declined was taken up.");

            (await dialog.Choose("gpu")).Press("yes");
            var seen = new SortedSet<int>();
            await dialog.Until(
                () =>
                {
                    seen.Add(dialog.Find<ProgressBar>("progress").Value);
                    return !dialog.CanClick("stop") && dialog.Status == "The GPU will be used from now on.";
                },
                "the GPU is used");
            Check.That(seen.Count > 5, $"The progress did not move: {string.Join(", ", seen)}.");
            await dialog.Until(
                () => dialog.Find<Label>("plan").Text.Contains("on GPU", StringComparison.Ordinal), "the plan is the GPU's");
            await dialog.Menu(menu => Check.That(menu.Items.Find("gpu", true).Length == 0, "The GPU is offered once more."));
            Check.That(stage.Editor.Services.Errors.Count == 0, "An error was shown.");
            dialog.Click("cancel");
        });
        string note = await File.ReadAllTextAsync(Path.Combine(home.Folder, "libtorch", GpuArchive.Name, "backend.json"));
        Check.That(note.Contains("\"verified\": true", StringComparison.Ordinal), note);
    }

    /// <summary>Downloaded libraries that cannot compute on the GPU: the dialog says so, and the CPU computes the same pixels.</summary>
    public static async Task Useless(Stage stage)
    {
        var archive = GpuArchive.OfProcessor(stage.GpuEngine);
        await using TestServer server = Servers.Start((request, reply) => reply.FileAsync(request, archive.Bytes));
        await using OtherHome home = await OtherHome.EnterAsync(stage.Engine, stage.GpuEngine, ("backends.yaml", archive.List(server)));
        stage.Renew();
        RasterImage image = RasterImage.Drawn(80, 60, 73);
        RasterImage expected = await Command.RestoreAsync(stage.Engine, image);
        DialogOutcome outcome = stage.Dialog(image, async dialog =>
        {
            await Offered(dialog);
            (await dialog.Choose("gpu")).Press("yes");
            await dialog.Until(() => stage.Editor.Services.Errors.Count > 0, "it is said that the GPU cannot be used");
            await dialog.Settled();
            Check.That(
                stage.Editor.Services.Errors is [(string said, _)] && said.StartsWith("The GPU cannot be used.", StringComparison.Ordinal),
                stage.Editor.Services.Errors[0].Message);
            dialog.Click("restore");
            await dialog.Until(() => dialog.CanClick("ok") || stage.Editor.Services.Errors.Count > 1, "the result is there");
            await dialog.Settled();
            dialog.Click("ok");
        });
        Check.That(File.Exists(Path.Combine(home.Folder, "libtorch", GpuArchive.Name, "backend.json")), "It is not installed.");
        Check.Same(expected, outcome.After, "The layer");
    }

    /// <summary>
    /// An archive that is not the one that was promised: that is said, nothing of it stays, and the GPU is offered as before.
    /// </summary>
    public static async Task Broken(Stage stage)
    {
        var archive = GpuArchive.Claiming();
        await using TestServer server = Servers.Start((request, reply) => reply.FileAsync(request, archive.Bytes));
        await using OtherHome home = await OtherHome.EnterAsync(
            stage.Engine, stage.GpuEngine, ("backends.yaml", archive.List(server, new string('0', 64))));
        stage.Renew();
        stage.Dialog(RasterImage.Drawn(80, 60, 74), async dialog =>
        {
            await Offered(dialog);
            (await dialog.Choose("gpu")).Press("yes");
            await dialog.Until(() => stage.Editor.Services.Errors.Count > 0, "the error is shown");
            await dialog.Settled();
            Check.That(
                stage.Editor.Services.Errors is [(string said, _)]
                    && said.StartsWith("The download failed: the file's checksum does not match.", StringComparison.Ordinal),
                stage.Editor.Services.Errors[0].Message
            );
            string[] left =
            [
                .. Directory.GetFiles(Path.Combine(home.Folder, "libtorch"), "*.dll", SearchOption.AllDirectories),
                .. Directory.GetFiles(Path.Combine(home.Folder, "libtorch"), "backend.json", SearchOption.AllDirectories),
            ];
            Check.That(left.Length == 0, $"Of a download that broke {string.Join(", ", left)} is left.");
            await dialog.Menu(menu => Check.That(menu.Items.Find("gpu", true).Length == 1, "The GPU is not offered any more."));
            Check.That(dialog.CanClick("restore"), "The dialog cannot go on.");
            dialog.Click("cancel");
        });
    }

    private static async Task Offered(DialogSession dialog)
    {
        await dialog.Ready();
        await dialog.Until(
            () => dialog.Find<Label>("plan").Text.Contains("your GPU can be used", StringComparison.Ordinal), "the GPU is offered");
    }
}
