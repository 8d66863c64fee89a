using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning;
using Microsoft.Extensions.Logging;

namespace Hypir.Engine.Serving;

/// <summary>The models in memory, the last used first. It belongs to the computing thread, as the models do.</summary>
internal sealed class ModelShelf(ILogger log)
{
    private readonly List<LoadedModel> _models = [];

    /// <summary>The names of what is loaded, for any thread.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>The model that a plan is for: from memory if its files are as they were, else loaded.</summary>
    /// <param name="job">The plan.</param>
    /// <param name="cancellation">Checked while weights are read.</param>
    public Restorer Get(JobPlan job, CancellationToken cancellation)
    {
        foreach (LoadedModel changed in _models.Where(model => model.IsOutdated(job)).ToArray())
        {
            Drop(changed, "its files have changed");
        }
        LoadedModel? ready = _models.Find(model => model.Serves(job));
        if (ready is null)
        {
            MakeRoom(job.Plan);
            log.Loads(job.Request.Model, job.Request.Lora, job.Plan.Compute.Device, job.Plan.Compute.UNet);
            ready = LoadedModel.Load(job, cancellation);
        }
        else if (!ready.HasLora(job))
        {
            log.SwitchesLora(job.Request.Model, job.Request.Lora);
            // Out of the list while it is neither the one nor the other: a failure must not leave it there.
            _models.Remove(ready);
            ready.SwitchLora(job, cancellation);
        }
        _models.Remove(ready);
        _models.Insert(0, ready);
        Publish();
        return ready.Restorer;
    }

    /// <summary>Frees all models.</summary>
    public void Clear()
    {
        foreach (LoadedModel model in _models.ToArray())
            Drop(model, "the engine ends");
    }

    /// <summary>Drops models, the longest unused first, until the plan fits beside the rest.</summary>
    private void MakeRoom(RestorePlan plan)
    {
        bool card = plan.Compute.Device != "cpu";
        while (_models.Count > 0 && !(plan.PeakMemory + Held(false) <= plan.FreeMemory && (!card || plan.PeakCardMemory + Held(true) <= plan.FreeCardMemory + Held(true))))
            Drop(_models[^1], "another one needs the memory");
        long Held(bool onCard) => _models.Sum(model => model.WeightBytes(onCard));
    }

    private void Drop(LoadedModel model, string reason)
    {
        log.Drops(model.Name, reason);
        _models.Remove(model);
        model.Dispose();
        Publish();
    }

    private void Publish() => Names = [.. _models.Select(model => model.Name)];
}
