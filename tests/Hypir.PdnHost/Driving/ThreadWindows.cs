using System.Runtime.InteropServices;
using System.Windows.Forms;

namespace Hypir.PdnHost.Driving;

/// <summary>The windows of this thread, menus among them, which are no forms.</summary>
internal static unsafe partial class ThreadWindows
{
    /// <summary>The menu that is open.</summary>
    public static ContextMenuStrip? Menu() => Visible().OfType<ContextMenuStrip>().FirstOrDefault();

    /// <summary>A visible window of a class of the system's; 0 where there is none.</summary>
    public static nint OfClass(string name) => Handles().Find(window => IsWindowVisible(window) && ClassOf(window) == name);

    private static List<Control> Visible() => [.. Handles().Select(Control.FromHandle).OfType<Control>().Where(control => control.Visible)];

    private static List<nint> Handles()
    {
        List<nint> handles = [];
        var list = GCHandle.Alloc(handles);
        _ = EnumThreadWindows(GetCurrentThreadId(), &Take, GCHandle.ToIntPtr(list));
        list.Free();
        return handles;
    }

    private static string ClassOf(nint window)
    {
        char* name = stackalloc char[64];
        return new(name, 0, GetClassName(window, name, 64));
    }

    [UnmanagedCallersOnly]
    private static int Take(nint window, nint list)
    {
        ((List<nint>)GCHandle.FromIntPtr(list).Target!).Add(window);
        return 1;
    }

    [LibraryImport("user32.dll")]
    private static partial int EnumThreadWindows(uint thread, delegate* unmanaged<nint, nint, int> take, nint state);

    [LibraryImport("user32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool IsWindowVisible(nint window);

    [LibraryImport("user32.dll", EntryPoint = "GetClassNameW")]
    private static partial int GetClassName(nint window, char* name, int most);

    [LibraryImport("kernel32.dll")]
    private static partial uint GetCurrentThreadId();
}
