using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Hypir.Engine.Restoring;
using Hypir.Imaging;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Reporting;

/// <summary>Plain lines for logs and pipes: results on the output, progress and failures on the error stream.</summary>
/// <param name="verbose">Whether to print plans and stack traces.</param>
internal class TextReporter(bool verbose) : IReporter
{
    // A log needs signs of life, not every network block.
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5), BetweenStages = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public void Started(int images)
    {
        // The first line is about the first image.
    }

    /// <inheritdoc/>
    public void LeftOut(FoundImages found)
    {
        if (found.LeftOut.Count > 0)
            Console.Error.WriteLine(ImageSearch.Explain(found.LeftOut));
        foreach (string file in verbose ? found.LeftOut : [])
            Console.Error.WriteLine($"  {Shown(file)}");
        foreach (string loop in found.Loops)
            Console.Error.WriteLine($"{Shown(loop)} is skipped: it links to a folder that is already being searched.");
        foreach (string folder in found.Earlier)
            Console.Error.WriteLine($"{Shown(folder)} is skipped: it holds results of an earlier run. Name it to restore them too.");
    }

    /// <inheritdoc/>
    public void Planned(ImageJob image, PlanSummary plan, bool dryRun)
    {
        if (!dryRun && !verbose)
            return;
        Console.WriteLine($"{Shown(image.Input)}: {Words.Of(plan)} -> {Shown(image.Output)}");
        foreach (string note in plan.Notes)
            Console.WriteLine($"  {note}");
    }

    /// <inheritdoc/>
    public virtual T RunWithProgress<T>(ImageJob image, BatchForecast forecast, Func<IProgress<RestoreProgress>, T> work)
    {
        var since = Stopwatch.StartNew();
        RestoreStage? stage = null;
        return work(
            new Observer(progress =>
            {
                if (since.Elapsed < (stage == progress.Stage ? Between : BetweenStages))
                    return;
                stage = progress.Stage;
                since.Restart();
                Console.Error.WriteLine(Words.Of(Shown(image.Input), progress, forecast.Of(progress)));
            })
        );
    }

    /// <inheritdoc/>
    public virtual void Done(ImageJob image, Outcome outcome)
    {
        if (outcome.DryRun)
        {
            Console.WriteLine($"{Shown(image.Output)} exists and would be kept{(outcome.Silent ? "." : "; --overwrite replaces it.")}");
            foreach (string note in outcome.Notes)
                Console.WriteLine($"  {note}");
            return;
        }

        if (outcome.Silent)
            return;
        Console.WriteLine(
            outcome.Kept
                ? $"{Shown(image.Output)} already exists and was kept; --overwrite replaces it."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Shown(image.Input)} -> {Shown(image.Output)} ({outcome.Width}x{outcome.Height}, {Words.Of(outcome.Elapsed)})")
        );
        foreach (string note in outcome.Notes)
            Console.WriteLine($"  {note}");
    }

    /// <inheritdoc/>
    public virtual void Failed(ImageJob? image, Exception failure) => ErrorText.Write(failure, verbose);

    /// <inheritdoc/>
    public void Finished(BatchSummary summary)
    {
        if (summary.Several)
            Console.WriteLine(summary);
        if (summary.Report is { } report)
            Console.WriteLine($"Report: {report}");
    }

    /// <inheritdoc/>
    public void Planned(PlanTotals totals)
    {
        if (totals.Restored + totals.Kept + totals.Refused < 2)
            return;
        string time = totals.Seconds is { } seconds ? $"about {PlanFigures.Duration(seconds)}" : "time unknown before the first run here";
        string cost = totals.Restored == 0 ? ""
            : $": {time}, at most {PlanFigures.Memory(totals.MemoryBytes)} of memory and {PlanFigures.Memory(totals.ResultBytes)} on disk";
        Console.WriteLine($"{totals.Restored} to restore, {totals.Kept} to keep, {totals.Refused} refused{cost}.");
    }

    private static string Shown(string path) => TerminalText.Printable(path);

    /// <inheritdoc/>
    public virtual void ReportForcedExit(CancelledRunException run) => ErrorText.WriteAtExit(run);
}

/// <summary>A progress bar for each image at a terminal; it is hidden while permanent lines are printed.</summary>
/// <param name="verbose">Whether to print plans and stack traces.</param>
internal sealed class LiveReporter(bool verbose) : TextReporter(verbose)
{
    // A forced exit is reported on another thread.
    private readonly ConcurrentQueue<Action> _lines = [];

    // Hides the current bar; null if there is none.
    private volatile Action? _hide;

    /// <inheritdoc/>
    public override T RunWithProgress<T>(ImageJob image, BatchForecast forecast, Func<IProgress<RestoreProgress>, T> work)
    {
        try
        {
            return Show(Path.GetFileName(image.Input), forecast, work);
        }
        finally
        {
            _hide = null;
            TellAll();
        }
    }

    /// <inheritdoc/>
    public override void Done(ImageJob image, Outcome outcome) => Tell(() => base.Done(image, outcome));

    /// <inheritdoc/>
    public override void Failed(ImageJob? image, Exception failure) => Tell(() => base.Failed(image, failure));

    /// <inheritdoc/>
    public override void ReportForcedExit(CancelledRunException run)
    {
        _hide?.Invoke();
        ErrorConsole.ShowCursor();
        TellAll();
        base.ReportForcedExit(run);
    }

    private void TellAll()
    {
        while (_lines.TryDequeue(out var tell))
            tell();
    }

    /// <summary>The previous image may finish while the next one's bar is shown: hide the bar before printing.</summary>
    private void Tell(Action tell)
    {
        if (_hide is not null)
            _lines.Enqueue(tell);
        else
            tell();
    }

    private T Show<T>(string name, BatchForecast forecast, Func<IProgress<RestoreProgress>, T> work)
    {
        using var display = new ProgressDisplay(ErrorConsole.Open(), name);
        _hide = display.Dispose;
        return work(new Observer(progress =>
        {
            var batch = forecast.Of(progress);
            display.Set(batch.Fraction, name, Words.Activity(progress, batch));
        }));
    }
}
