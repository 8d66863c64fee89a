using System.Runtime.InteropServices;

namespace Hypir.PdnHost.Driving;

/// <summary>
/// Replaces the taskbar (CLSID_TaskbarList) on this thread and records the calls. Its two objects are tables of functions in unmanaged
/// memory that are never freed: wrappers made by the runtime crash under Wine.
/// </summary>
internal sealed unsafe partial class TaskbarRecorder : IDisposable
{
    private const uint InProcess = 1, Multiple = 1;
    private const int Done = 0, NoInterface = unchecked((int)0x80004002), NoAggregation = unchecked((int)0x80040110);

    private static readonly Guid TaskbarList = new("56FDF344-FD6D-11D0-958A-006097C9A090");
    private static readonly Guid Unknown = new("00000000-0000-0000-C000-000000000046");
    private static readonly Guid Factory = new("00000001-0000-0000-C000-000000000046");
    private static readonly Guid[] Lists =
    [
        new("56FDF342-FD6D-11D0-958A-006097C9A090"), new("602D4995-B13A-429B-A66E-1935E44F4317"),
        new("EA1AFB91-9E28-4B86-90E9-9E9F8A5EEFAF"),
    ];

    private static readonly List<TaskbarCall> Told = [];

    private static readonly nint TheList = Object(
        (nint)(delegate* unmanaged<nint, Guid*, nint*, int>)&AskList, Counter, Counter,
        (nint)(delegate* unmanaged<nint, int>)&Begin, // HrInit
        Ignored, Ignored, Ignored, Ignored, // AddTab, DeleteTab, ActivateTab, SetActiveAlt
        (nint)(delegate* unmanaged<nint, nint, int, int>)&Mark, // MarkFullscreenWindow
        (nint)(delegate* unmanaged<nint, nint, ulong, ulong, int>)&TakeValue,
        (nint)(delegate* unmanaged<nint, nint, int, int>)&TakeState);

    private static readonly nint TheFactory = Object(
        (nint)(delegate* unmanaged<nint, Guid*, nint*, int>)&AskFactory, Counter, Counter,
        (nint)(delegate* unmanaged<nint, nint, Guid*, nint*, int>)&Create,
        (nint)(delegate* unmanaged<nint, int, int>)&Lock);

    private readonly uint _cookie;

    public TaskbarRecorder()
    {
        Told.Clear();
        Guid list = TaskbarList;
        Marshal.ThrowExceptionForHR(CoRegisterClassObject(&list, TheFactory, InProcess, Multiple, out _cookie));
    }

    /// <summary>What it was told, in order.</summary>
    public IReadOnlyList<TaskbarCall> Calls => [.. Told];

    private static nint Counter => (nint)(delegate* unmanaged<nint, uint>)&Count;

    private static nint Ignored => (nint)(delegate* unmanaged<nint, nint, int>)&Ignore;

    public void Dispose() => Marshal.ThrowExceptionForHR(CoRevokeClassObject(_cookie));

    private static nint Object(params ReadOnlySpan<nint> methods)
    {
        var memory = (nint*)NativeMemory.Alloc((nuint)(methods.Length + 1), (nuint)sizeof(nint));
        memory[0] = (nint)(memory + 1);
        methods.CopyTo(new Span<nint>(memory + 1, methods.Length));
        return (nint)memory;
    }

    private static int Answer(bool known, nint self, nint* result)
    {
        *result = known ? self : 0;
        return known ? Done : NoInterface;
    }

    [UnmanagedCallersOnly]
    private static int AskList(nint self, Guid* what, nint* result) => Answer(*what == Unknown || Lists.Contains(*what), self, result);

    [UnmanagedCallersOnly]
    private static int AskFactory(nint self, Guid* what, nint* result) => Answer(*what == Unknown || *what == Factory, self, result);

    [UnmanagedCallersOnly]
    private static uint Count(nint self) => 1;

    [UnmanagedCallersOnly]
    private static int Create(nint self, nint outer, Guid* what, nint* result)
    {
        if (outer == 0)
            return Answer(*what == Unknown || Lists.Contains(*what), TheList, result);
        *result = 0;
        return NoAggregation;
    }

    [UnmanagedCallersOnly]
    private static int Lock(nint self, int locked) => Done;

    [UnmanagedCallersOnly]
    private static int Begin(nint self) => Done;

    [UnmanagedCallersOnly]
    private static int Ignore(nint self, nint window) => Done;

    [UnmanagedCallersOnly]
    private static int Mark(nint self, nint window, int fullscreen) => Done;

    [UnmanagedCallersOnly]
    private static int TakeValue(nint self, nint window, ulong done, ulong whole)
    {
        Told.Add(new(window, null, done, whole));
        return Done;
    }

    [UnmanagedCallersOnly]
    private static int TakeState(nint self, nint window, int state)
    {
        Told.Add(new(window, state, 0, 0));
        return Done;
    }

    [LibraryImport("ole32.dll")]
    private static partial int CoRegisterClassObject(Guid* type, nint factory, uint context, uint use, out uint cookie);

    [LibraryImport("ole32.dll")]
    private static partial int CoRevokeClassObject(uint cookie);
}
