using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning;
using Microsoft.Extensions.Logging;

namespace Hypir.Server;

/// <summary>The models in memory, the last used first. It belongs to the computing thread, as the models do.</summary>
internal sealed class LoadedModelCache(GpuLedger cards, ILogger log)
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
        // A model that is ready may need more for this image than is left beside the others.
        MakeRoom(job.Plan, ready);
        if (ready is null)
        {
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
        Note(job.Plan, job.Plan.Memory.Where(part => part is { OnCard: true, Stage: null, Stays: false }).Sum(part => part.Bytes));
        return ready.Restorer;
    }

    /// <summary>Notes that the last model carried out a plan.</summary>
    public void Ran(RestorePlan plan) => Note(plan, plan.PeakCardMemory - plan.StayingMemory(onCard: true));

    /// <summary>Frees all models.</summary>
    public void Clear()
    {
        foreach (LoadedModel model in _models.ToArray())
            Drop(model, "the engine ends");
    }

    /// <summary>Drops other models as far as the plan needs their memory.</summary>
    private void MakeRoom(RestorePlan plan, LoadedModel? ready)
    {
        foreach (LoadedModel model in ModelRoom.ToDrop(plan, Enumerable.Reverse(_models).Where(model => model != ready), model => model.Held))
            Drop(model, "another one needs the memory");
    }

    /// <summary>Notes what is taken on the GPU: all its models, and so much more.</summary>
    private void Note(RestorePlan plan, long more) =>
        cards.Raise(plan.Compute.Device, _models.Where(model => model.Held.Device == plan.Compute.Device).Sum(model => model.Held.Card) + more);

    private void Drop(LoadedModel model, string reason)
    {
        log.Drops(model.Name, reason);
        _models.Remove(model);
        model.Dispose();
        Publish();
    }

    private void Publish() => Names = [.. _models.Select(model => model.Name)];
}
