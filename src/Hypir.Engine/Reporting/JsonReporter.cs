using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hypir.Engine.Restoring;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Reporting;

/// <summary>Reports one JSON object per line, for programs. docs/cli.md describes each.</summary>
/// <param name="output">The destination.</param>
/// <param name="verbose">Whether errors include their stack trace.</param>
internal sealed class JsonReporter(TextWriter output, bool verbose) : IReporter
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // The output is not embedded in HTML, so letters can stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <inheritdoc/>
    public void Started(int images)
    {
        // Nothing is known yet.
    }

    /// <inheritdoc/>
    public void LeftOut(FoundImages found)
    {
        foreach (string file in found.LeftOut)
            Write(new { Event = "leftOut", Input = file, Reason = "kind" });
        foreach (string loop in found.Loops)
            Write(new { Event = "leftOut", Input = loop, Reason = "loop" });
        foreach (string folder in found.Earlier)
            Write(new { Event = "leftOut", Input = folder, Reason = "results" });
    }

    /// <inheritdoc/>
    public void Planned(ImageJob image, PlanSummary plan, bool dryRun) => Write(new
    {
        Event = "plan",
        image.Input,
        image.Output,
        Status = plan.Fits ? "restore" : "refuse",
        plan.Model,
        plan.Lora,
        plan.Prompt,
        plan.Width,
        plan.Height,
        plan.OutputWidth,
        plan.OutputHeight,
        plan.Device,
        plan.Precision,
        plan.Tiles,
        plan.TileSizes,
        plan.MemoryBytes,
        plan.Seconds,
        plan.Notes,
    });

    /// <inheritdoc/>
    public T RunWithProgress<T>(ImageJob image, BatchForecast forecast, Func<IProgress<RestoreProgress>, T> work)
    {
        var since = Stopwatch.StartNew();
        RestoreProgress? last = null;
        return work(new Observer(progress =>
        {
            bool moved = last is null || (last.Stage, last.Tile) != (progress.Stage, progress.Tile);
            if (!moved && since.Elapsed < Between)
                return;
            last = progress;
            since.Restart();
            Write(new
            {
                Event = "progress",
                image.Input,
                Stage = JsonNamingPolicy.CamelCase.ConvertName(progress.Stage.ToString()),
                progress.Tile,
                progress.Tiles,
                Fraction = Math.Round(progress.Fraction, 4),
                RemainingSeconds = progress.Remaining?.TotalSeconds,
                Batch = forecast.Count > 1 ? BatchOf(forecast.Of(progress)) : null,
            });
        }));
    }

    /// <inheritdoc/>
    public void Done(ImageJob image, Outcome outcome)
    {
        if (outcome.DryRun)
        {
            Write(new { Event = "plan", image.Input, image.Output, Status = "keep", outcome.Notes });
            return;
        }

        if (outcome.Silent)
            return;
        Write(new
        {
            Event = "result",
            image.Input,
            image.Output,
            Status = outcome.Kept ? "kept" : "restored",
            Width = outcome.Kept ? (int?)null : outcome.Width,
            Height = outcome.Kept ? (int?)null : outcome.Height,
            Seconds = outcome.Kept ? (double?)null : Seconds(outcome.Elapsed),
            outcome.Notes,
        });
    }

    /// <inheritdoc/>
    public void Failed(ImageJob? image, Exception failure)
    {
        AppFolder.Errors.Remember(failure);
        var cancelled = (failure as CancelledRunException)?.Progress;
        Write(new
        {
            Event = "error",
            image?.Input,
            Explanation.Of(failure).Message,
            Explanation.Of(failure).Remedy,
            ExitCode = (int)ExitCodes.Of(failure),
            cancelled?.Restored,
            cancelled?.Kept,
            cancelled?.Failed,
            Left = cancelled?.Left.Count,
            Trace = verbose ? failure.ToString() : null,
        });
    }

    /// <inheritdoc/>
    public void Finished(BatchSummary summary) => Write(new
    {
        Event = "summary",
        summary.Restored,
        summary.Kept,
        summary.Failed,
        LeftOut = summary.LeftOut.Count,
        summary.Report,
        Seconds = Seconds(summary.Elapsed),
    });

    /// <inheritdoc/>
    public void Planned(PlanTotals totals) => Write(new
    {
        Event = "totals",
        totals.Restored,
        totals.Kept,
        totals.Refused,
        totals.Seconds,
        totals.MemoryBytes,
        totals.ResultBytes,
    });

    /// <inheritdoc/>
    public void ReportForcedExit(CancelledRunException run) => Failed(null, run);

    private static object BatchOf(BatchProgress batch) => new
    {
        batch.Index,
        batch.Count,
        Fraction = Math.Round(batch.Fraction, 4),
        RemainingSeconds = batch.Remaining?.TotalSeconds,
    };

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);

    private void Write(object line)
    {
        output.WriteLine(JsonSerializer.Serialize(line, Format));
        output.Flush();
    }
}
