using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>
/// What the menu More opens, on a machine with a GPU that is not used yet: the offer, the questions, a license, and a download under way.
/// </summary>
internal static class LookWindows
{
    public static Task LightEnglish(Stage stage) => Play(stage, dark: false, "en-US");

    public static Task DarkEnglish(Stage stage) => Play(stage, dark: true, "en-US");

    public static Task LightChinese(Stage stage) => Play(stage, dark: false, "zh-CN");

    public static Task DarkChinese(Stage stage) => Play(stage, dark: true, "zh-CN");

    private static async Task Play(Stage stage, bool dark, string language)
    {
        await using OtherHome home = await OtherHome.EnterAsync(stage.Engine, stage.GpuEngine, ("models.yaml", $$"""
            format: 1
            entries:
              - name: sd2.1-base
                kind: base
                title: Stable Diffusion 2.1-base, the model that HYPIR's weights are for
                licence: openrail++-m
                sources: [{ url: "{{stage.Server.Root}}/{path}" }]
                files: [{ path: unet/diffusion_pytorch_model.safetensors, size: 146372650, sha256: unverified }]
              - name: hypir
                kind: lora
                base: sd2.1-base
                title: HYPIR's restoration weights (HYPIR_sd2)
                licence: hypir
                sources: [{ url: "{{stage.Server.Root}}/{path}" }]
                files: [{ path: HYPIR_sd2.pth, size: 20000000, sha256: unverified }]
            """));
        await Looks.Show(stage, dark, language, dialog => States(stage, dialog));
    }

    private static async Task States(Stage stage, DialogSession dialog)
    {
        await dialog.Ready();
        await dialog.Until(() => dialog.Find<Label>("plan").Text.IndexOfAny([';', '；']) >= 0, "the GPU is offered");
        Looks.Fits(dialog.Form);
        await stage.Snap(dialog, "offer");

        Form gpu = await dialog.Choose("gpu", open => stage.Snap(dialog, "offer-more"));
        await Look(stage, dialog, gpu, "gpu");
        gpu.Press("no");
        Form preset = await dialog.Choose("savePreset");
        Check.That(preset.ActiveControl is TextBox, "A name cannot be typed at once.");
        preset.ActiveControl!.Text = dialog.Find<ComboBox>("model").AccessibleName;
        await Look(stage, dialog, preset, "preset");
        preset.Press("yes");
        await dialog.Until(() => preset.IsDisposed, "the question is gone");
        Check.That(dialog.Find<ComboBox>("preset").Text == dialog.Find<ComboBox>("model").AccessibleName, "The preset is not chosen.");
        await stage.Snap(dialog, "own-preset");

        Form license = await dialog.Choose("get.hypir");
        Check.That(license.AcceptButton is null, "Enter accepts a license.");
        var terms = (LinkLabel)license.Controls.Find("link", true).Single();
        Check.That(terms.Visible && terms.TabStop, "The terms themselves cannot be opened.");
        await Look(stage, dialog, license, "licence");
        // There is one of the base and one of the weights.
        while (dialog.Asked is { } next)
        {
            next.Press("yes");
            await dialog.Until(
                () => next.IsDisposed && (dialog.Asked is not null || dialog.Find<ProgressBar>("progress").Value > 100),
                "the next license shows, or bytes come");
        }
        Looks.Fits(dialog.Form);
        await stage.Snap(dialog, "downloading");
        dialog.Click("stop");
        await dialog.Settled();
        Looks.Fits(dialog.Form);
        await stage.Snap(dialog, "download-stopped");
        dialog.Click("cancel");
    }

    private static async Task Look(Stage stage, DialogSession dialog, Form asked, string name)
    {
        Looks.Fits(asked);
        Check.That(asked.CancelButton is not null, $"Escape does not close {name}.");
        Control last = (Control)asked.CancelButton!,
            text = asked.Controls.Find("text", true).Single();
        int end = Right(last),
            edge = text.Visible ? Right(text) : asked.RectangleToScreen(asked.ClientRectangle).Right - asked.LogicalToDeviceUnits(15);
        Check.That(Math.Abs(edge - end) <= 1, $"The answers of {name} end at {end}, and what stands above them at {edge}.");
        await stage.Snap(dialog, name);
    }

    private static int Right(Control control) => control.Parent!.RectangleToScreen(control.Bounds).Right;
}
