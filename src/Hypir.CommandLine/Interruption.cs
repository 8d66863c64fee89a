using System.Runtime.InteropServices;

namespace Hypir.CommandLine;

/// <summary>
/// Turns Ctrl+C and termination signals into cancellation, by one rule for both programs: the first signal cancels. Work that has a
/// deadline but does not end in time (one block of a large network on a slow processor) is ended with the process, though never while a
/// file is being written. Work without a deadline saves first; a second signal ends it at once.
/// </summary>
public sealed partial class Interruption : IDisposable
{
    /// <summary>
    /// The deadline of most commands. Returning gigabytes takes the system time too, and 2 seconds are promised.
    /// </summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(0.75);

    private static readonly TimeSpan WordsLimit = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _source = new(), _late = new();
    private readonly Lock _writing = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Action _lastWords;
    private readonly TimeSpan? _deadline;
    private bool _told;

    /// <summary>Starts listening.</summary>
    /// <param name="lastWords">
    /// Called before the process is ended from here, on another thread: reports it and restores the terminal.
    /// </param>
    /// <param name="deadline">How long cancelled work may take to end by itself; null for as long as it needs to save.</param>
    public Interruption(Action lastWords, TimeSpan? deadline)
    {
        (_lastWords, _deadline) = (lastWords, deadline);
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Cancelled at the deadline of cancelled work: until then it may finish a file that it is writing.</summary>
    public CancellationToken WriteDeadline => _late.Token;

    /// <summary>Runs something that a signal must not cut in two.</summary>
    public T RunUninterrupted<T>(Func<T> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        lock (_writing)
            return write();
    }

    /// <summary>Reports how the run ended, once: not if the process is already being ended from here.</summary>
    public void ReportOnce(Action tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
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
        bool second = _source.IsCancellationRequested;
        // A second signal has its usual effect, unless the deadline is near anyway.
        context.Cancel = !second || _deadline is not null;
        if (second)
        {
            if (_deadline is null)
                _lastWords();
            return;
        }

        try
        {
            if (_deadline is { } deadline)
            {
                new Thread(() => EndAfter(deadline)) { IsBackground = true, Name = "End after a signal" }.Start();
                _late.CancelAfter(deadline);
            }

            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work ended at this moment: there is nothing left to cancel.
        }
    }

    private void EndAfter(TimeSpan deadline)
    {
        Thread.Sleep(deadline);
        lock (_writing)
        {
            // An output that nobody reads, such as a pager's, must not keep the process from its end.
            if (!_told)
            {
                var words = new Thread(() => _lastWords()) { IsBackground = true, Name = "Last words" };
                words.Start();
                words.Join(WordsLimit);
            }

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
