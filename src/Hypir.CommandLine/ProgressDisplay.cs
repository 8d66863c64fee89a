using Spectre.Console;

namespace Hypir.CommandLine;

/// <summary>
/// A progress line at the bottom of a terminal. A failure of the display never stops, delays, or affects the work.
/// </summary>
public sealed class ProgressDisplay : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    // A paused terminal (Ctrl+S) blocks all output; the end of the work must not wait for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _display;

    // A reference type, so that the drawing thread reads it atomically.
    private volatile ProgressState _state;

    /// <summary>Shows the line.</summary>
    /// <param name="console">The terminal.</param>
    /// <param name="label">The current item, such as a file name.</param>
    public ProgressDisplay(IAnsiConsole console, string label)
    {
        _state = new(label, 0, "");
        _display = Task.Run(() => ShowAsync(console));
        // Failures are ignored, but the exception must be observed.
        _ = _display.ContinueWith(failed => _ = failed.Exception, TaskScheduler.Default);
    }

    /// <summary>Updates the line. Another thread draws it shortly afterwards.</summary>
    /// <param name="fraction">The completed fraction, from 0 to 1.</param>
    /// <param name="label">The current item, such as a file name.</param>
    /// <param name="state">The current step; truncated if there is no room.</param>
    public void Set(double fraction, string label, string state) => _state = new(label, fraction, state);

    /// <summary>Removes the line.</summary>
    public void Dispose()
    {
        _end.TrySetResult();
        Task.WaitAny([_display], Patience);
    }

    private async Task ShowAsync(IAnsiConsole console) =>
        await console.Progress().AutoRefresh(false).AutoClear(true).Columns(new ProgressLineColumn(() => _state))
        .StartAsync(async context =>
        {
            // The name is never shown but must not be empty.
            context.AddTask("progress");
            while (!_end.Task.IsCompleted)
            {
                context.Refresh();
                await Task.WhenAny(_end.Task, Task.Delay(Between)).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
}

/// <summary>The state of a piece of work.</summary>
/// <param name="Label">The current item, such as a file name; shortened in the middle if there is no room.</param>
/// <param name="Fraction">The completed fraction, from 0 to 1.</param>
/// <param name="Activity">The current step; truncated if there is no room.</param>
internal sealed record ProgressState(string Label, double Fraction, string Activity);
