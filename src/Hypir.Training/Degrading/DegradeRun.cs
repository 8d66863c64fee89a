using Hypir.Core.Files;
using Hypir.Training.Data.RecipeFiles;
using Hypir.Training.Data.Workers;

namespace Hypir.Training.Degrading;

/// <summary>Executes a plan: workers write images as they finish; recipes and contact sheet follow the order of the jobs.</summary>
internal static class DegradeRun
{
    /// <summary>Runs to the end or until cancelled. Finished work is kept, including recipes and sheet.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="report">Receives each job's outcome, in order.</param>
    /// <param name="cancellation">Ends the run after the current images.</param>
    /// <exception cref="OutputException">A result cannot be written.</exception>
    /// <exception cref="UsageException">An input would be overwritten, or results already exist.</exception>
    public static DegradeSummary Execute(DegradePlan plan, Action<DegradeOutcome> report, CancellationToken cancellation)
    {
        try
        {
            return Run(plan, report, cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(
                $"{plan.Output} cannot be written: {failure.Message}", "Check that the folder is writable and has space.", failure);
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
                // Reported below.
            }
            // Also write the recipes of images that finished ahead of their turn.
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
