using Hypir.TrainTool.Degrading;
using Spectre.Console;

namespace Hypir.TrainTool.Commands;

/// <summary>Progress and failures on the error stream: a bar at a terminal, else a line for each failure and one every so often.</summary>
internal sealed class DegradeReporter : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly int _total;
    private readonly ProgressBar? _bar;
    private long _lastLine = Environment.TickCount64;
    private int _seen;

    /// <summary>Begins.</summary>
    /// <param name="total">How many jobs there are.</param>
    public DegradeReporter(int total)
    {
        _total = total;
        if (_console.Profile.Capabilities.Interactive && !Console.IsErrorRedirected)
            _bar = new ProgressBar(_console, total);
        else
            _console.Profile.Width = int.MaxValue;
    }

    /// <summary>Tells of a job.</summary>
    public void Report(DegradeOutcome outcome)
    {
        _seen++;
        if (outcome.Failure is { } failure)
        {
            _console.MarkupLineInterpolated($"[yellow]skipped:[/] {failure.Message}");
            if (failure.Remedy is not null)
                _console.MarkupLineInterpolated($"         [dim]{failure.Remedy}[/]");
        }
        _bar?.Set(_seen, outcome.Job.Label);
        if (_bar is null && Environment.TickCount64 - _lastLine >= Pause.TotalMilliseconds)
        {
            _console.MarkupLineInterpolated($"{_seen} of {_total}: {outcome.Job.Label}");
            _lastLine = Environment.TickCount64;
        }
    }

    /// <summary>Says what was done, on the standard output.</summary>
    public void Finish(DegradePlan plan, DegradeSummary summary)
    {
        Dispose();
        string[] more =
        [
            .. plan.SaveHq ? (string[])[plan.HqFolder] : [], .. plan.Recipes ? (string[])[plan.RecipeFile] : [], .. plan.ContactSheet > 0 ? (string[])[plan.SheetFile] : [],
        ];
        Console.Out.WriteLine($"{summary.Done} of {_total} -> {plan.LqFolder}{string.Concat(more.Select(path => $", {path}"))}");
        if (summary.Failed > 0)
            Console.Out.WriteLine($"{summary.Failed} skipped");
        if (summary.Cancelled)
            Console.Error.WriteLine("Cancelled; what was done stays.");
    }

    /// <summary>Puts the terminal in order.</summary>
    public void Dispose() => _bar?.Dispose();
}
