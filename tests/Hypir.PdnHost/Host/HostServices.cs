using System.Windows.Forms;
using PaintDotNet.AppModel;

namespace Hypir.PdnHost.Host;

/// <summary>The editor's services. Error dialogs are noted and not shown, so that nobody has to click them away (H10, paintdotnet.md:56).</summary>
internal sealed class HostServices : IServiceProvider, IExceptionDialogService, IShellService
{
    public List<(string Message, string Details)> Errors { get; } = [];

    /// <summary>Addresses that the effect wanted to be opened.</summary>
    public List<string> Addresses { get; } = [];

    public object? GetService(Type serviceType) => serviceType == typeof(IExceptionDialogService) || serviceType == typeof(IShellService) ? this : null;

    public void ShowErrorDialog(IWin32Window? owner, string? message, string detailsText) => Errors.Add((message ?? "", detailsText));

    public bool LaunchUrl(IWin32Window? owner, string url)
    {
        Addresses.Add(url);
        return true;
    }
}
