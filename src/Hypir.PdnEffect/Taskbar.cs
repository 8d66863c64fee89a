using System.Runtime.InteropServices;

namespace Hypir.PdnEffect;

/// <summary>Shows progress on the editor's taskbar button. Does nothing if there is no taskbar.</summary>
internal sealed class Taskbar : IDisposable
{
    private const int NoProgress = 0, Normal = 2, Error = 4;
    private const ulong Steps = 1000;

    private readonly nint _window;
    private readonly ITaskbarList3? _list;
    private (int State, ulong Done) _shown;

    /// <param name="window">The editor's window: the dialog has no button of its own.</param>
    public Taskbar(nint window)
    {
        _window = window;
        try
        {
            _list = (ITaskbarList3)(object)new TaskbarList();
            if (_list.HrInit() < 0)
                _list = null;
        }
        catch (Exception failure) when (failure is COMException or InvalidCastException or NotSupportedException)
        {
            // There is no taskbar.
        }
    }

    /// <summary>Shows the progress of a run.</summary>
    /// <param name="fraction">0 … 1, or null if no run is in progress.</param>
    /// <param name="failed">Whether the last one failed.</param>
    public void Show(double? fraction, bool failed)
    {
        (int State, ulong Done) now = fraction is { } done
            ? (Normal, (ulong)(done * Steps))
            : (failed ? Error : NoProgress, failed ? Steps : 0);
        if (_list is null || _window == 0 || now == _shown)
            return;
        if (now.State != _shown.State)
            _ = _list.SetProgressState(_window, now.State);
        if (now.State != NoProgress)
            _ = _list.SetProgressValue(_window, now.Done, Steps);
        _shown = now;
    }

    public void Dispose()
    {
        Show(null, false);
        if (_list is not null)
            Marshal.FinalReleaseComObject(_list);
    }

    /// <summary>The part of the interface that is used. Earlier methods must be declared because their positions in the vtable
    /// count.</summary>
    [ComImport]
    [Guid("EA1AFB91-9E28-4B86-90E9-9E9F8A5EEFAF")]
    [InterfaceType(ComInterfaceType.InterfaceIsIUnknown)]
    private interface ITaskbarList3
    {
        [PreserveSig]
        int HrInit();

        [PreserveSig]
        int AddTab(nint window);

        [PreserveSig]
        int DeleteTab(nint window);

        [PreserveSig]
        int ActivateTab(nint window);

        [PreserveSig]
        int SetActiveAlt(nint window);

        [PreserveSig]
        int MarkFullscreenWindow(nint window, [MarshalAs(UnmanagedType.Bool)] bool fullscreen);

        [PreserveSig]
        int SetProgressValue(nint window, ulong completed, ulong total);

        [PreserveSig]
        int SetProgressState(nint window, int state);
    }

    [ComImport]
    [Guid("56FDF344-FD6D-11D0-958A-006097C9A090")]
    private sealed class TaskbarList;
}
