using System.Windows.Forms;
using PaintDotNet.AppModel;

namespace Hypir.PdnHost.Host;

/// <summary>
/// The editor's services. Error dialogs are noted and not shown, so that nobody has to click them away (H10, paintdotnet.md:56).
/// </summary>
internal sealed class HostServices : IServiceProvider, IExceptionDialogService, IShellService
{
    public List<(string Message, string Details)> Errors { get; } = [];

    /// <summary>Addresses that the effect wanted to be opened.</summary>
    public List<string> Addresses { get; } = [];

    /// <summary>Whether every service throws.</summary>
    public bool AreBroken { get; set; }

    public object? GetService(Type serviceType) =>
        serviceType == typeof(IExceptionDialogService) || serviceType == typeof(IShellService) ? this : null;

    public void ShowErrorDialog(IWin32Window? owner, string? message, string detailsText)
    {
        ThrowIfBroken();
        Errors.Add((message ?? "", detailsText));
    }

    public bool LaunchUrl(IWin32Window? owner, string url)
    {
        ThrowIfBroken();
        Addresses.Add(url);
        return true;
    }

    private void ThrowIfBroken()
    {
        if (AreBroken)
            throw new InvalidOperationException("The editor's service fails.");
    }
}
