using System.Drawing;
using System.Globalization;
using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;
using PaintDotNet;

namespace Hypir.PdnHost.Scenarios;

/// <summary>
/// The dialog in both themes and both languages, at the scaling that the system has: no text is cut off, access keys are unique, controls
/// have names, and the keyboard goes in the order of the eye.
/// </summary>
internal static class Looks
{
    public static Task LightEnglish(Stage stage) => Play(stage, dark: false, "en-US");

    public static Task DarkEnglish(Stage stage) => Play(stage, dark: true, "en-US");

    public static Task LightChinese(Stage stage) => Play(stage, dark: false, "zh-CN");

    public static Task DarkChinese(Stage stage) => Play(stage, dark: true, "zh-CN");

    /// <summary>Opens the dialog of a person who uses it for the first time, in a theme and a language.</summary>
    public static Task Show(Stage stage, bool dark, string language, Func<DialogSession, Task> script) => Show(
        stage, dark, language,
        stage.Photo.Length > 0
            ? RasterImage.Open(stage.Photo)
            : RasterImage
                .Drawn(700, 500, 60)
                .Select((x, y) => (int)(700 - 2.4 * Math.Sqrt((x - 350) * (x - 350) + (y - 250) * (y - 250)))),
        script);

    /// <summary>Opens that dialog for an image.</summary>
    public static async Task Show(Stage stage, bool dark, string language, RasterImage image, Func<DialogSession, Task> script)
    {
        CultureInfo before = CultureInfo.CurrentUICulture;
        (PdnBaseForm.Dark, CultureInfo.CurrentUICulture) = (dark, new CultureInfo(language));
        try
        {
            stage.Renew();
            await Task.Yield();
            stage.Dialog(
                image,
                dialog =>
                {
                    stage.Look = $"{dialog.Form.DeviceDpi}-{(dark ? "dark" : "light")}-{language[..2]}-";
                    return script(dialog);
                });
        }
        finally
        {
            (PdnBaseForm.Dark, CultureInfo.CurrentUICulture, stage.Look) = (false, before, "");
        }
    }

    private static Task Play(Stage stage, bool dark, string language)
    {
        return Show(stage, dark, language, States);

        async Task States(DialogSession dialog)
        {
            await dialog.Ready();
            await dialog.Until(() => dialog.Find<Label>("plan").Text.Length > 0, "there is a plan");
            Check.That(dialog.Form.ActiveControl is Button { Name: "restore" }, $"The keyboard is at {dialog.Form.ActiveControl?.Name}.");
            string version = dialog.Form.GetType().Assembly.GetName().Version!.ToString(3);
            Check.That(
                dialog.Form.Text.EndsWith(" " + version, StringComparison.Ordinal),
                $"The caption does not tell the version {version}: {dialog.Form.Text}");
            Fits(dialog.Form);
            InLine(dialog);
            await stage.Snap(dialog, "ready");
            CheckBox advanced = dialog.Find<CheckBox>("advanced");
            advanced.Checked = true;
            await DialogSession.Tick();
            Fits(dialog.Form);
            await stage.Snap(dialog, "advanced");
            double light = Light(dialog.Find<UpDownBase>("seed").Controls[0]);
            Check.That(light < 0.5 == dark, $"{light:0.00} of the arrows at the seed is light.");
            advanced.Checked = false;
            dialog.Find<Button>("area").Focus();
            await stage.Snap(dialog, "aim");
            dialog.Click("area");
            await Life.Started(dialog);
            Fits(dialog.Form);
            await stage.Snap(dialog, "running");
            await dialog.Settled();
            Fits(dialog.Form);
            await stage.Snap(dialog, "area");
            dialog.Click("restore");
            await Life.Started(dialog);
            await dialog.Settled();
            Fits(dialog.Form);
            await stage.Snap(dialog, "result");
            advanced.Checked = true;
            ComboBox timestep = dialog.Find<ComboBox>("timestep");
            timestep.SelectedIndex = 4;
            dialog.Find<TrackBar>("strength").Value = 65;
            await DialogSession.Tick();
            Check.That(
                dialog.CanClick("restore") && dialog.CanClick("ok"),
                "The result of other settings cannot be applied, or not be computed again.");
            Fits(dialog.Form);
            await stage.Snap(dialog, "outdated");
            timestep.DroppedDown = true;
            await stage.Snap(dialog, "list");
            timestep.DroppedDown = false;
            dialog.Click("restore");
            await Life.Started(dialog);
            Fits(dialog.Form);
            await stage.Snap(dialog, "restoring");
            dialog.Click("stop");
            await dialog.Settled();
            Fits(dialog.Form);
            await stage.Snap(dialog, "stopped");
            timestep.SelectedIndex = 0;
            // Last: nobody clicks the menu away.
            dialog.Click("more");
            await dialog.Until(() => ThreadWindows.Menu() is not null, "the menu is open");
            HaveKeys(ThreadWindows.Menu()!.Items);
            await stage.Snap(dialog, "more");
            ((ToolStripMenuItem)ThreadWindows.Menu()!.Items["copy"]!).ShowDropDown();
            await stage.Snap(dialog, "copies");
            dialog.Click("cancel");
        }
    }

    /// <summary>Measures each text in its control, and looks at access keys and names.</summary>
    public static void Fits(Form form)
    {
        List<string> wrong = [];
        var keys = new Dictionary<char, string>();
        foreach (Control control in All(form).Where(control => control.Visible && control is Label or ButtonBase))
        {
            // What a label says of itself counts, and not a measure from here: at some scalings fonts come between two sizes, and are
            // rounded differently.
            bool sizesItself = control is Label { AutoSize: true };
            Size room = sizesItself ? control.Size : control.ClientSize - control.Padding.Size;
            TextFormatFlags flags = TextFormatFlags.NoPadding | (control is Label ? TextFormatFlags.WordBreak : TextFormatFlags.SingleLine);
            Size needed = sizesItself
                ? control.GetPreferredSize(control.MaximumSize)
                : TextRenderer.MeasureText(
                    control.Text, control.Font, control is Label ? new Size(room.Width, int.MaxValue) : Size.Empty, flags);
            if (control.Text.Length > 0 && (needed.Width > room.Width + 2 || needed.Height > room.Height + 2))
                wrong.Add($"{control.Name} \"{control.Text}\" needs {needed}, has {room}");
            int at = control.Text.IndexOf('&', StringComparison.Ordinal);
            if (
                control is not Label { UseMnemonic: false }
                && at >= 0
                && at + 1 < control.Text.Length
                && !keys.TryAdd(char.ToUpperInvariant(control.Text[at + 1]), control.Text)
            )
                wrong.Add($"\"{control.Text}\" and \"{keys[char.ToUpperInvariant(control.Text[at + 1])]}\" have the same access key");
        }
        foreach (Control control in All(form).Where(control => control.Visible && control.Parent is not UpDownBase))
        {
            if (!control.Parent!.ClientRectangle.Contains(control.Bounds))
                wrong.Add(
                    $"{control.GetType().Name} {control.Name} \"{control.Text}\" at {control.Bounds} is cut off by "
                        + $"{control.Parent.GetType().Name} of {control.Parent.ClientSize}"
                );
        }
        foreach (
            Control control in All(form)
                .Where(control => control.Visible && control.TabStop && control is not (Form or Panel or TextBox { Parent: UpDownBase }))
        )
        {
            if (
                string.IsNullOrEmpty(control.AccessibleName)
                && (control is not ButtonBase || control.Text.Length == 0)
                && control.Parent is not UpDownBase
            )
                wrong.Add($"{control.GetType().Name} {control.Name} has no accessible name");
        }
        foreach (
            IGrouping<Control, Control> siblings in All(form)
                .Where(control => control.Visible && control.TabStop && control.Parent is not (null or UpDownBase))
                .GroupBy(control => control.Parent!)
        )
        {
            // The keyboard goes as the eye does: down, and from the left in a line.
            foreach (
                (Control first, Control next) in siblings
                    .OrderBy(control => control.TabIndex)
                    .Zip(siblings.OrderBy(control => control.TabIndex).Skip(1))
            )
            {
                if (next.Bottom <= first.Top || (next.Top < first.Bottom && next.Left < first.Right))
                    wrong.Add($"the keyboard goes from {first.Name} at {first.Bounds} to {next.Name} at {next.Bounds}");
            }
        }
        Check.That(wrong.Count == 0, string.Join("; ", wrong));
    }

    /// <summary>The columns' edges are straight: settings, buttons and bar, and the buttons at the bottom of both.</summary>
    private static void InLine(DialogSession dialog)
    {
        Rectangle At(string name)
        {
            Control control = dialog.Find<Control>(name);
            return control.Parent!.RectangleToScreen(control.Bounds);
        }

        Rectangle model = At("model"),
            bar = At("progress"),
            cancel = At("cancel");
        Check.That(
            model.Left == bar.Left && At("restore").Left == bar.Left && At("strength").Left == bar.Left,
            $"On the left: {model}, {bar}, {At("restore")}, {At("strength")}.");
        Check.That(
            model.Right == bar.Right && cancel.Right == bar.Right && At("preset").Right == bar.Right,
            $"On the right: {model}, {bar}, {cancel}, {At("preset")}.");
        Check.That(cancel.Bottom == At("fit").Bottom, $"At the bottom: {cancel}, {At("fit")}.");
        Label share = dialog.Find<Label>("strengthText"),
            strength = share.Parent!.Controls.OfType<Label>().Single(label => label.TabIndex == share.TabIndex - 1);
        Check.That(share.Top == strength.Top, $"Strength is at {strength.Top}, and what it is at {share.Top}.");
    }

    /// <summary>How much of a control is light.</summary>
    private static double Light(Control control)
    {
        using var bitmap = new Bitmap(control.Width, control.Height);
        using (var graphics = Graphics.FromImage(bitmap))
            graphics.CopyFromScreen(control.PointToScreen(Point.Empty), Point.Empty, bitmap.Size);
        int light = 0;
        for (int i = 0; i < bitmap.Width * bitmap.Height; i++)
            light += bitmap.GetPixel(i % bitmap.Width, i / bitmap.Width).GetBrightness() > 0.5 ? 1 : 0;
        return light / (double)(bitmap.Width * bitmap.Height);
    }

    /// <summary>Looks whether each entry of a menu, and of those under it, has an access key that no other of the same menu has.</summary>
    private static void HaveKeys(ToolStripItemCollection items)
    {
        List<ToolStripMenuItem> entries = [.. items.OfType<ToolStripMenuItem>()];
        string texts = string.Join(", ", entries.Select(entry => entry.Text));
        List<char> keys =
        [
            .. entries
                .Select(entry => entry.Text!)
                .Select(text => text.IndexOf('&', StringComparison.Ordinal) is >= 0 and int at ? char.ToUpperInvariant(text[at + 1]) : ' '),
        ];
        Check.That(keys.TrueForAll(char.IsLetterOrDigit) && keys.Distinct().Count() == keys.Count, $"Access keys of the menu: {texts}");
        foreach (ToolStripMenuItem entry in entries.Where(entry => entry.HasDropDownItems))
            HaveKeys(entry.DropDownItems);
    }

    private static IEnumerable<Control> All(Control root) =>
        root.Controls.Cast<Control>().SelectMany(control => All(control).Prepend(control));
}
