using System.Runtime.InteropServices;

namespace Hypir.Engine;

/// <summary>
/// Turns Ctrl+C and termination signals into cancellation. What does not end by itself in time (one block of a large network on a slow
/// processor) is ended with the process, but never while a file is being written.
/// </summary>
internal sealed partial class Interruption : IDisposable
{
    /// <summary>
    /// How long a cancelled run may take to end by itself. Giving gigabytes back takes the system time too, and 2 seconds are promised.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.75);

    private readonly CancellationTokenSource _source = new(), _late = new();
    private readonly Lock _writing = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Action _lastWords;
    private bool _told;

    /// <summary>Starts listening.</summary>
    /// <param name="lastWords">Called where the process is ended from here, on another thread: tells of it and puts the terminal in order.</param>
    public Interruption(Action lastWords)
    {
        _lastWords = lastWords;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Cancelled when a run that was told to end has no more time: until then it may finish a file that it is writing.</summary>
    public CancellationToken WriteDeadline => _late.Token;

    /// <summary>Runs something that a signal must not cut in two.</summary>
    public T RunUninterrupted<T>(Func<T> write)
    {
        lock (_writing)
            return write();
    }

    /// <summary>Tells how the run ended, once: not where the process is being ended from here already.</summary>
    public void ReportOnce(Action tell)
    {
        lock (_writing)
        {
            _told = true;
            tell();
        }
    }

    /// <summary>Ends the process without waiting for native threads that still compute, as the ordinary way out would.</summary>
    public static void EndNow(ExitCode code)
    {
        if (OperatingSystem.IsWindows())
            TerminateProcess(GetCurrentProcess(), (uint)code);
        else
            ExitNow((int)code);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _source.Dispose();
        _late.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
            return;
        new Thread(EndInTime) { IsBackground = true, Name = "End after a signal" }.Start();
        try
        {
            _late.CancelAfter(Patience);
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work ended at this moment: there is nothing left to cancel.
        }
    }

    private void EndInTime()
    {
        Thread.Sleep(Patience);
        lock (_writing)
        {
            if (!_told)
                _lastWords();
            EndNow(ExitCode.Cancelled);
        }
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int status);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint status);
}
