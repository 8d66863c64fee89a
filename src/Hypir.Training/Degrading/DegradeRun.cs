using Hypir.Core.Files;
using Hypir.Training.Data.RecipeFiles;
using Hypir.Training.Data.Workers;

namespace Hypir.Training.Degrading;

/// <summary>Carries out a plan: images by the workers as they go, recipes and contact sheet in the order of the jobs.</summary>
internal static class DegradeRun
{
    /// <summary>Runs to the end or until cancelled; what was done until then is kept, recipes and sheet included.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="report">Told of each job when its turn has come.</param>
    /// <param name="cancellation">Ends the run after the images in hand.</param>
    /// <exception cref="OutputException">A result cannot be written.</exception>
    /// <exception cref="UsageException">An input would be overwritten, or results are there already.</exception>
    public static DegradeSummary Execute(DegradePlan plan, Action<DegradeOutcome> report, CancellationToken cancellation)
    {
        try
        {
            return Run(plan, report, cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(
                $"{plan.Output} cannot be written: {failure.Message}", "Check that the folder may be written and has space.", failure);
        }
    }

    private static DegradeSummary Run(DegradePlan plan, Action<DegradeOutcome> report, CancellationToken cancellation)
    {
        var output = DegradeOutput.Check(plan, plan.Overwrite);
        Directory.CreateDirectory(plan.LqFolder);
        if (plan.SaveHq)
            Directory.CreateDirectory(plan.HqFolder);
        using var recipes = plan.Recipes ? new WholeFile(plan.RecipeFile) : null;
        var pairs = new List<Pair>();
        long done = 0, failed = 0;
        void Note(DegradeOutcome outcome)
        {
            (done, failed) = outcome.Failure is null ? (done + 1, failed) : (done, failed + 1);
            if (recipes is not null && outcome.Recipe is not null)
                RecipeFile.Append(recipes.Writer, plan.RecipesAsYaml, outcome.Recipe);
            pairs.AddRange(outcome.Pairs);
            report(outcome);
        }

        var degrader = new Degrader(plan, output);
        using (var workers = new OrderedWorkers<DegradeOutcome>(plan.Workers, 4 * plan.Workers, 0, plan.Jobs.Count, degrader.Do))
        {
            try
            {
                while (!cancellation.IsCancellationRequested && workers.TryTake(out var outcome, cancellation))
                    Note(outcome);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Told below.
            }
            // Images that were written before their turn came have recipes too.
            foreach (var outcome in workers.Stop())
                Note(outcome);
        }
        recipes?.Keep();
        if (plan.ContactSheet > 0)
        {
            using var sheet = new WholeFile(plan.SheetFile);
            sheet.Writer.Write(ContactSheet.Html(pairs, done, plan.About));
            sheet.Keep();
        }
        return new(done, failed, cancellation.IsCancellationRequested);
    }
}
