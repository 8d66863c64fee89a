using Hypir.Core.Files;

namespace Hypir.Training.Degrading;

/// <summary>Prevents a run from overwriting its inputs. Compares file identities, not paths.</summary>
internal sealed class DegradeOutput
{
    private readonly InputFiles _inputs;

    private DegradeOutput(DegradePlan plan) => _inputs = new(plan.Sources.Concat(plan.OtherInputs));

    /// <summary>Checks all outputs before anything is written.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="overwrite">Whether results of an earlier run may be replaced.</param>
    /// <exception cref="UsageException">Inputs would be overwritten, or results already exist.</exception>
    public static DegradeOutput Check(DegradePlan plan, bool overwrite)
    {
        string[] folders = [plan.LqFolder, plan.HqFolder];
        var places = folders.Select(FileIdentity.Of).ToHashSet();
        var parents = new Dictionary<string, FileIdentity>();
        foreach (string source in plan.Sources)
        {
            string parent = Path.GetDirectoryName(Path.GetFullPath(source))!;
            if (!parents.TryGetValue(parent, out var place))
                parents.Add(parent, place = FileIdentity.Of(parent));
            if (places.Contains(place))
                throw new UsageException($"{source} is where results would be written.", "Choose another --output.");
        }
        if (!overwrite && folders.Any(folder => Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new UsageException($"{plan.Output} holds results already.", "Choose another --output, or --overwrite.");
        foreach (string folder in plan.SaveHq ? folders : folders[..1])
        {
            if (FolderAccess.FolderProblem(folder) is { } problem)
                throw new OutputException($"{plan.Output} cannot be written: {problem}", "Choose another --output.");
        }
        var output = new DegradeOutput(plan);
        if (plan.Recipes)
            output.Protect(plan.RecipeFile);
        if (plan.ContactSheet > 0)
            output.Protect(plan.SheetFile);
        // New files overwrite nothing.
        foreach (string folder in folders.Where(Directory.Exists))
        {
            foreach (string name in plan.Names)
                output.Protect(Path.Combine(folder, name + ".png"));
        }
        return output;
    }

    /// <summary>Checks a file again just before it is written.</summary>
    /// <exception cref="UsageException">The file is an input.</exception>
    public void Protect(string target) => _inputs.Protect(target);
}
