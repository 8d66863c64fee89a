using System.Runtime.InteropServices;
using System.Windows.Forms;

namespace Hypir.PdnHost.Driving;

/// <summary>The windows of this thread, menus among them, which are no forms.</summary>
internal static unsafe partial class ThreadWindows
{
    /// <summary>The menu that is open.</summary>
    public static ContextMenuStrip? Menu() => Visible().OfType<ContextMenuStrip>().FirstOrDefault();

    private static List<Control> Visible()
    {
        List<nint> handles = [];
        var list = GCHandle.Alloc(handles);
        _ = EnumThreadWindows(GetCurrentThreadId(), &Take, GCHandle.ToIntPtr(list));
        list.Free();
        return [.. handles.Select(Control.FromHandle).OfType<Control>().Where(control => control.Visible)];
    }

    [UnmanagedCallersOnly]
    private static int Take(nint window, nint list)
    {
        ((List<nint>)GCHandle.FromIntPtr(list).Target!).Add(window);
        return 1;
    }

    [LibraryImport("user32.dll")]
    private static partial int EnumThreadWindows(uint thread, delegate* unmanaged<nint, nint, int> take, nint state);

    [LibraryImport("kernel32.dll")]
    private static partial uint GetCurrentThreadId();
}
