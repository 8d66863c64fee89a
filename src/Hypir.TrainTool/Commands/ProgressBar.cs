using Spectre.Console;

namespace Hypir.TrainTool.Commands;

/// <summary>A progress bar that is told from outside; the library's own wants to call the work itself.</summary>
internal sealed class ProgressBar : IDisposable
{
    private readonly TaskCompletionSource _end = new();
    private readonly Task _display;
    private ProgressTask? _task;

    /// <summary>Shows the bar.</summary>
    public ProgressBar(IAnsiConsole console, int total)
    {
        using var shown = new ManualResetEventSlim();
        _display = console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                _task = context.AddTask("", maxValue: total);
                shown.Set();
                await _end.Task.ConfigureAwait(false);
            });
        shown.Wait();
    }

    /// <summary>Moves the bar.</summary>
    public void Set(int done, string label)
    {
        _task!.Value = done;
        _task.Description = Markup.Escape(label);
    }

    /// <summary>Ends the display.</summary>
    public void Dispose()
    {
        _end.TrySetResult();
        _display.GetAwaiter().GetResult();
    }
}
