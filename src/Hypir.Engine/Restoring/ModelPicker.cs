using Hypir.Imaging;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Restoring;

/// <summary>The models of a run: the one that was named, or the two of which each image gets one automatically (docs/cli.md).</summary>
internal sealed class ModelPicker
{
    /// <summary>Reads what is to know of the models, and no weights.</summary>
    /// <param name="job">The job.</param>
    /// <exception cref="HypirException">A model cannot be used.</exception>
    public ModelPicker(RestoreCommandOptions job)
    {
        Usual = new(ModelSource.Open(job.Model, job.Mix), job.ModelName);
        Strong = job.Strong is { } strong ? new(ModelSource.Open(strong.Path), strong.Name) : null;
    }

    /// <summary>The model that was named, or the one that invents nothing.</summary>
    public UsedModel Usual { get; }

    /// <summary>The model that makes up detail; null if one was named.</summary>
    public UsedModel? Strong { get; }

    /// <summary>All of them.</summary>
    public IEnumerable<UsedModel> All => Strong is null ? [Usual] : [Usual, Strong];

    /// <summary>The model by what an image's header says.</summary>
    /// <param name="plan">The plan with <see cref="Usual"/>.</param>
    public UsedModel Of(RestorePlan plan) => Strong is not null && AutomaticModel.Enlarges(plan) ? Strong : Usual;

    /// <summary>The model by what an image shows, and what decided it.</summary>
    /// <param name="plan">A plan with either model.</param>
    /// <param name="image">The image; its damage is estimated only if no model was named.</param>
    /// <returns>The model; the choice is null if a model was named.</returns>
    public (UsedModel Model, AutomaticChoice? Choice) Of(RestorePlan plan, RasterImage image)
    {
        if (Strong is null)
            return (Usual, null);
        AutomaticChoice choice = AutomaticModel.Of(plan, image);
        return (choice.MakesUpDetail ? Strong : Usual, choice);
    }
}

/// <summary>A model of a run. It belongs to the run's thread, except for what cannot change.</summary>
/// <param name="source">The model on disk.</param>
/// <param name="name">The name by which an engine knows it; null if it was given as a file or folder.</param>
internal sealed class UsedModel(ModelSource source, string? name)
{
    /// <summary>The model on disk.</summary>
    public ModelSource Source { get; } = source;

    /// <summary>The name by which an engine knows it; null if it was given as a file or folder.</summary>
    public string? Name { get; } = name;

    /// <summary>What plans need to know of it.</summary>
    public ModelFacts Facts => Source.Facts;

    /// <summary>Its networks; null before the first image that needs them.</summary>
    public Restorer? Restorer { get; set; }

    /// <summary>Its speed in this run, in operations per second; null before it was measured.</summary>
    public double? Speed { get; set; }
}
