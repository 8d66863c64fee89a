using System.Windows.Forms;

namespace PaintDotNet.AppModel;

public interface IShellService : IInternalImpl
{
    bool LaunchUrl(IWin32Window? owner, string url);
}
