using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>What fails around the dialog must not reach the editor, which would end with it.</summary>
internal static partial class Guarded
{
    /// <summary>
    /// Where another window holds the clipboard that is said; when it is free the diagnostics are copied, and that is said, too.
    /// </summary>
    public static async Task Diagnostics(Stage stage)
    {
        await using IAsyncDisposable back = await stage.Engine.InsteadAsync(@"C:\nothing\hypir.exe");
        stage.Renew();
        Clipboard.Clear();
        stage.Dialog(RasterImage.Drawn(60, 50, 85), async dialog =>
        {
            await dialog.Ready();
            dialog.Click("restore");
            await dialog.Until(() => stage.Editor.Services.Errors.Count > 0, "the error is shown");
            string error = dialog.Status;
            using (var other = new Form())
            {
                Check.That(Native.OpenClipboard(other.Handle), "The clipboard is held already.");
                Follow(dialog, "diagnostics");
                _ = Native.CloseClipboard();
            }
            Check.That(
                dialog.Status.EndsWith("Try again in a moment.", StringComparison.Ordinal) && dialog.Status[..20] == error[..20],
                dialog.Status);
            Looks.Fits(dialog.Form);
            Follow(dialog, "diagnostics");
            Check.That(
                dialog.Status.EndsWith("on the clipboard.", StringComparison.Ordinal)
                    && Clipboard.GetText().Contains("protocol", StringComparison.Ordinal),
                dialog.Status
            );
            Check.That(dialog.CanClick("restore"), "The dialog cannot go on.");
            dialog.Click("cancel");
        });
    }

    /// <summary>The browser cannot be opened, and errors cannot be shown: the dialog says so itself, and goes on.</summary>
    public static async Task Services(Stage stage)
    {
        stage.Renew();
        RasterImage image = RasterImage.Drawn(60, 50, 86);
        HostServices services = stage.Editor.Services;
        services.AreBroken = true;
        await using (await stage.Engine.InsteadAsync(@"C:\nothing\hypir.exe"))
        {
            stage.Dialog(image, async dialog =>
            {
                await dialog.Ready();
                foreach (Action fails in (Action[])[() => Follow(dialog, "help"), () => dialog.Click("restore")])
                {
                    fails();
                    await dialog.Until(
                        () => dialog.Status.StartsWith("The effect failed.", StringComparison.Ordinal), "the failure is said");
                    Follow(dialog, "diagnostics");
                    Check.That(Clipboard.GetText().Contains("The editor's service fails.", StringComparison.Ordinal), Clipboard.GetText());
                }
                dialog.Click("cancel");
            });
        }
        services.AreBroken = false;
        stage.Restored(image);
    }

    private static void Follow(DialogSession dialog, string link)
    {
        LinkLabel label = dialog.Find<LinkLabel>(link);
        label.Focus();
        // As Enter on it does.
        typeof(LinkLabel).GetMethod("OnLinkClicked", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!
            .Invoke(label, [new LinkLabelLinkClickedEventArgs(label.Links[0], MouseButtons.Left)]);
    }

    private static partial class Native
    {
        [System.Runtime.InteropServices.LibraryImport("user32.dll")]
        [return: System.Runtime.InteropServices.MarshalAs(System.Runtime.InteropServices.UnmanagedType.Bool)]
        internal static partial bool OpenClipboard(nint window);

        [System.Runtime.InteropServices.LibraryImport("user32.dll")]
        [return: System.Runtime.InteropServices.MarshalAs(System.Runtime.InteropServices.UnmanagedType.Bool)]
        internal static partial bool CloseClipboard();
    }
}
