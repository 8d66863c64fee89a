using System.ComponentModel;
using System.Diagnostics;

namespace Hypir.Ui.Launch;

/// <summary>Opens things with what the user's desktop has for them.</summary>
public static class Desktop
{
    /// <summary>Opens an address of the window, or a folder. On systems without a desktop nothing happens.</summary>
    /// <param name="target">The address or the folder; never anything that a page sent.</param>
    public static void Open(string target)
    {
        try
        {
            using Process? process = OperatingSystem.IsWindows()
                ? Process.Start(new ProcessStartInfo(target) { UseShellExecute = true })
                : Process.Start(new ProcessStartInfo("xdg-open", [target])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                });
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or IOException)
        {
            // The address is on the terminal, and the folder's name on the page.
        }
    }
}
