using System.Windows.Forms;
using Hypir.PdnHost.Driving;
using Hypir.PdnHost.Host;

namespace Hypir.PdnHost.Scenarios;

/// <summary>What a person may do with the menu More, whatever the dialog does just then.</summary>
internal static class SequencesMore
{
    /// <summary>Chooses an entry, or opens the menu and closes it.</summary>
    /// <param name="dialog">The dialog.</param>
    /// <param name="random">Decides.</param>
    /// <param name="did">Takes what was done.</param>
    public static async Task Use(DialogSession dialog, Random random, List<string> did)
    {
        string item = ((string[])["", "copyClipboard2", "copyFile2", "addModel", "savePreset", "deletePreset", "help"])[random.Next(7)];
        bool agree = random.Next(2) == 0;
        did.Add($"more {item} {(agree ? "yes" : "no")}");
        if (item.Length == 0)
        {
            await dialog.Menu(_ => { });
            return;
        }
        if (!await dialog.TryPick(item))
            return;
        if (item == "savePreset")
            await Name(dialog, $"Preset {random.Next(3)}", agree ? "yes" : "no");
        else if (item is "copyFile2" or "addModel")
            await File(
                dialog, item == "copyFile2" && agree ? Path.Combine(Path.GetTempPath(), $"hypir-host-{Guid.NewGuid():N}.png") : null);
    }

    private static async Task Name(DialogSession dialog, string name, string answer)
    {
        await dialog.Until(() => dialog.Asked is not null, "the window is open");
        Form asked = dialog.Asked!;
        asked.ActiveControl!.Text = name;
        asked.Press(answer);
        await dialog.Until(() => asked.IsDisposed, "the window is gone");
    }

    private static async Task File(DialogSession dialog, string? file)
    {
        await dialog.Until(() => FileWindow.IsOpen, "the window for files is open");
        if (file is null)
            FileWindow.Cancel();
        else
            FileWindow.Choose(file);
        await dialog.Until(() => !FileWindow.IsOpen, "the window for files is gone");
    }
}
