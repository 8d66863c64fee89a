using Spectre.Console;

namespace Hypir.CommandLine;

/// <summary>
/// A line at the bottom of a terminal that shows how far a piece of work is. It only looks on: whatever happens to it, the work is never
/// stopped, delayed or told of it.
/// </summary>
public sealed class ProgressDisplay : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    // A terminal that was stopped (Ctrl+S) takes nothing; the work's end does not wait for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _display;

    // A reference, so that it is read as a whole by the thread that draws.
    private volatile ProgressState _state;

    /// <summary>Shows the line.</summary>
    /// <param name="console">The terminal.</param>
    /// <param name="label">The item at hand, such as a file name.</param>
    public ProgressDisplay(IAnsiConsole console, string label)
    {
        _state = new(label, 0, "");
        _display = Task.Run(() => ShowAsync(console));
        // A failure is nobody's concern, but has to be looked at.
        _ = _display.ContinueWith(failed => _ = failed.Exception, TaskScheduler.Default);
    }

    /// <summary>Changes what the line says. It is drawn a little later, by another thread.</summary>
    /// <param name="fraction">How much of the work is done, from 0 to 1.</param>
    /// <param name="label">The item at hand, such as a file name.</param>
    /// <param name="state">The current step; cut at the end if there is no room.</param>
    public void Set(double fraction, string label, string state) => _state = new(label, fraction, state);

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        _end.TrySetResult();
        Task.WaitAny([_display], Patience);
    }

    private async Task ShowAsync(IAnsiConsole console) =>
        await console.Progress().AutoRefresh(false).AutoClear(true).Columns(new ProgressLineColumn(() => _state))
        .StartAsync(async context =>
        {
            // The name is never shown, but must not be empty.
            context.AddTask("progress");
            while (!_end.Task.IsCompleted)
            {
                context.Refresh();
                await Task.WhenAny(_end.Task, Task.Delay(Between)).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
}

/// <summary>How far a piece of work is.</summary>
/// <param name="Label">The item at hand, such as a file name; shortened in the middle if there is no room.</param>
/// <param name="Fraction">How much is done, from 0 to 1.</param>
/// <param name="Activity">The current step; cut at the end if there is no room.</param>
internal sealed record ProgressState(string Label, double Fraction, string Activity);
