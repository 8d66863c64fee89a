
using Hypir.Training.Degrading;
using Spectre.Console;

namespace Hypir.TrainTool.Commands;

/// <summary>Progress and failures on the error stream: a bar at a terminal, else a line for each failure and one every so often.</summary>
internal sealed class DegradeReporter : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly IAnsiConsole _console = ErrorConsole.Open();
    private readonly int _total;
    private readonly ProgressDisplay? _bar;
    private long _lastLine = Environment.TickCount64;
    private int _seen;

    /// <summary>Begins.</summary>
    /// <param name="total">How many jobs there are.</param>
    public DegradeReporter(int total)
    {
        _total = total;
        if (ErrorConsole.IsLive(_console))
            _bar = new ProgressDisplay(_console, "degrading");
    }

    /// <summary>Tells of a job.</summary>
    public void Report(DegradeOutcome outcome)
    {
        _seen++;
        if (outcome.Failure is { } failure)
            _console.Report(failure.Message, failure.Remedy, "skipped:", Color.Yellow);
        _bar?.Set((double)_seen / _total, outcome.Job.Label, $"{_seen} of {_total}");
        if (_bar is null && Environment.TickCount64 - _lastLine >= Pause.TotalMilliseconds)
        {
            _console.WriteLine($"{_seen} of {_total}: {outcome.Job.Label}");
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
