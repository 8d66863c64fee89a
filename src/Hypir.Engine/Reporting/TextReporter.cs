using System.Diagnostics;
using System.Globalization;
using Hypir.Engine.Restoring;
using Hypir.Imaging;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Reporting;

/// <summary>Plain lines for logs and pipes: results on the output, progress and failures on the error stream.</summary>
/// <param name="verbose">Whether plans and stack traces are told.</param>
internal class TextReporter(bool verbose) : IReporter
{
    // A log wants to know that something goes on, not each block of a network.
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5), BetweenStages = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public void Started()
    {
        // The first line tells of the first image.
    }

    /// <inheritdoc/>
    public void LeftOut(IReadOnlyList<string> files, IReadOnlyList<string> loops)
    {
        if (files.Count > 0)
            Console.Error.WriteLine(ImageSearch.Explain(files));
        foreach (string file in verbose ? files : [])
            Console.Error.WriteLine($"  {file}");
        foreach (string loop in loops)
            Console.Error.WriteLine($"{loop} is skipped: it leads to a folder that is searched already.");
    }

    /// <inheritdoc/>
    public void Planned(ImageJob picture, PlanSummary plan, bool dryRun)
    {
        if (!dryRun && !verbose)
            return;
        Console.WriteLine($"{picture.Input}: {Words.Of(plan)} -> {picture.Output}");
        foreach (string note in plan.Notes)
            Console.WriteLine($"  {note}");
    }

    /// <inheritdoc/>
    public virtual T RunWithProgress<T>(ImageJob picture, int index, int count, Func<IProgress<RestoreProgress>, T> work)
    {
        var since = Stopwatch.StartNew();
        RestoreStage? stage = null;
        return work(new Observer(progress =>
        {
            if (since.Elapsed < (stage == progress.Stage ? Between : BetweenStages))
                return;
            stage = progress.Stage;
            since.Restart();
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"[{index}/{count}] {picture.Input}: {Words.Of(progress)} ({100 * progress.Fraction:0} %{Words.Left(progress, ", ", "")})"));
        }));
    }

    /// <inheritdoc/>
    public virtual void Done(ImageJob picture, Outcome outcome)
    {
        if (outcome.DryRun)
        {
            Console.WriteLine($"{picture.Output} exists and would be kept{(outcome.Silent ? "." : "; --overwrite replaces it.")}");
            return;
        }

        if (outcome.Silent)
            return;
        Console.WriteLine(outcome.Kept
            ? $"{picture.Output} is there already and was kept; --overwrite replaces it."
            : string.Create(CultureInfo.InvariantCulture, $"{picture.Input} -> {picture.Output} ({outcome.Width}x{outcome.Height}, {Words.Of(outcome.Elapsed)})"));
        foreach (string note in outcome.Notes)
            Console.WriteLine($"  {note}");
    }

    /// <inheritdoc/>
    public virtual void Failed(ImageJob? picture, Exception failure) => ErrorText.Write(failure, verbose);

    /// <inheritdoc/>
    public void Finished(BatchSummary summary)
    {
        if (summary.Several)
            Console.WriteLine(summary);
    }

    /// <inheritdoc/>
    public virtual void ReportForcedExit() => Console.Error.WriteLine("Cancelled.");
}
