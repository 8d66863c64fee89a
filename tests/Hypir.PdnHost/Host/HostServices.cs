using System.Windows.Forms;
using PaintDotNet.AppModel;

namespace Hypir.PdnHost.Host;

/// <summary>The editor's services. Error dialogs are noted and not shown, so that nobody has to click them away (H10).</summary>
internal sealed class HostServices : IServiceProvider, IExceptionDialogService
{
    public List<(string Message, string Details)> Errors { get; } = [];

    public object? GetService(Type serviceType) => serviceType == typeof(IExceptionDialogService) ? this : null;

    public void ShowErrorDialog(IWin32Window? owner, string? message, string detailsText) => Errors.Add((message ?? "", detailsText));
}
