using System.Windows.Forms;

namespace PaintDotNet.AppModel;

public interface IExceptionDialogService : IInternalImpl
{
    void ShowErrorDialog(IWin32Window? owner, string? message, string detailsText);
}
