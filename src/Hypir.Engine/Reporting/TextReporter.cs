using System.Diagnostics;
using System.Globalization;
using Hypir.Engine.Restoring;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Reporting;

/// <summary>Plain lines for logs and pipes: results on the output, progress and failures on the error stream.</summary>
/// <param name="verbose">Whether plans and stack traces are told.</param>
internal class TextReporter(bool verbose) : IReporter
{
    // A log wants to know that something goes on, not each block of a network.
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5), BetweenStages = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public void Planned(PictureJob picture, PlanSummary plan, bool dryRun)
    {
        if (!dryRun && !verbose)
            return;
        Console.WriteLine($"{picture.Input}: {Words.Of(plan)} -> {picture.Output}");
        foreach (string note in plan.Notes)
            Console.WriteLine($"  {note}");
    }

    /// <inheritdoc/>
    public virtual Outcome Watch(PictureJob picture, int index, int count, Func<IProgress<RestoreProgress>, Outcome> work)
    {
        var since = Stopwatch.StartNew();
        RestoreStage? stage = null;
        return work(new Observer(progress =>
        {
            if (since.Elapsed < (stage == progress.Stage ? Between : BetweenStages))
                return;
            stage = progress.Stage;
            since.Restart();
            string left = progress.Remaining is { } remaining ? $", {Words.Of(remaining)} left" : "";
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{index}/{count}] {picture.Input}: {Words.Of(progress)} ({progress.Fraction:P0}{left})"));
        }));
    }

    /// <inheritdoc/>
    public void Done(PictureJob picture, Outcome outcome)
    {
        Console.WriteLine(outcome.Kept
            ? $"{picture.Output} is there already and was kept; --overwrite replaces it."
            : string.Create(CultureInfo.InvariantCulture, $"{picture.Input} -> {picture.Output} ({outcome.Width}x{outcome.Height}, {Words.Of(outcome.Elapsed)})"));
        foreach (string note in outcome.Notes)
            Console.WriteLine($"  {note}");
    }

    /// <inheritdoc/>
    public void Failed(PictureJob? picture, Exception failure) => ErrorText.Write(failure, verbose);

    /// <inheritdoc/>
    public void Finished(int restored, int kept, int failed) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{restored} restored, {kept} kept, {failed} failed"));

    /// <inheritdoc/>
    public virtual void Abandon() => Console.Error.WriteLine("Cancelled.");
}
