using Hypir.Planning;
using Hypir.Protocol.Messages;
using Hypir.Restoration.Pipeline;
using Microsoft.Extensions.Logging;

namespace Hypir.Server;

/// <summary>The loaded models, most recently used first. Like the models, it belongs to the compute thread.</summary>
internal sealed class LoadedModelCache(GpuLedger gpus, ILogger log)
{
    private readonly List<LoadedModel> _models = [];

    /// <summary>The names of the loaded models; readable from any thread.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>The model of a plan: the loaded one if its files are unchanged, otherwise freshly loaded.</summary>
    /// <param name="job">The plan.</param>
    /// <param name="cancellation">Checked while weights are read.</param>
    public Restorer Get(JobPlan job, CancellationToken cancellation)
    {
        foreach (LoadedModel changed in _models.Where(model => model.IsOutdated(job)).ToArray())
        {
            Drop(changed, "its files have changed");
        }
        LoadedModel? ready = _models.Find(model => model.Serves(job));
        // Even a loaded model may need more memory for this image than the other models leave.
        MakeRoom(job.Plan, ready);
        if (ready is null)
        {
            log.Loads(job.Request.Model, job.Request.Lora, job.Plan.Compute.Device, job.Plan.Compute.UNet);
            ready = LoadedModel.Load(job, cancellation);
        }
        else if (!ready.HasLora(job))
        {
            log.SwitchesLora(job.Request.Model, job.Request.Lora);
            // Removed from the list while its LoRA is being switched, so that a failure cannot leave a half-switched model there.
            _models.Remove(ready);
            ready.SwitchLora(job, cancellation);
        }
        _models.Remove(ready);
        _models.Insert(0, ready);
        Publish();
        Note(job.Plan, job.Plan.Memory.Where(part => part is { OnGpu: true, Stage: null, Stays: false }).Sum(part => part.Bytes));
        return ready.Restorer;
    }

    /// <summary>Records that the most recently used model executed a plan.</summary>
    public void Ran(RestorePlan plan) => Note(plan, plan.PeakGpuMemory - plan.StayingMemory(onGpu: true));

    /// <summary>Unloads all models.</summary>
    public void Clear()
    {
        foreach (LoadedModel model in _models.ToArray())
            Drop(model, "the engine is shutting down");
    }

    /// <summary>Unloads other models as far as the plan needs their memory.</summary>
    private void MakeRoom(RestorePlan plan, LoadedModel? ready)
    {
        foreach (
            LoadedModel model in ModelRoom.ToDrop(plan, Enumerable.Reverse(_models).Where(model => model != ready), model => model.Held))
            Drop(model, "another model needs the memory");
    }

    /// <summary>Records the GPU memory in use: all models on it, plus the given number of bytes.</summary>
    private void Note(RestorePlan plan, long more) =>
        gpus.Raise(
            plan.Compute.Device, _models.Where(model => model.Held.Device == plan.Compute.Device).Sum(model => model.Held.Gpu) + more);

    private void Drop(LoadedModel model, string reason)
    {
        log.Drops(model.Name, reason);
        _models.Remove(model);
        model.Dispose();
        Publish();
    }

    private void Publish() => Names = [.. _models.Select(model => model.Name)];
}

/// <summary>A loaded model and what it was loaded from.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly string _path;
    private readonly string _stamp;
    private readonly ComputeChoice _compute;
    private string? _lora;
    private string _loraStamp;

    private LoadedModel(JobPlan job, Restorer restorer)
    {
        (_path, _stamp, _compute, Held, Restorer) = (job.Model.Path, job.ModelStamp, job.Plan.Compute, HeldMemory.Of(job.Plan), restorer);
        (_lora, _loraStamp, Name) = (job.LoraPath, job.LoraStamp, NameOf(job.Request));
    }

    /// <summary>The model, ready to restore.</summary>
    public Restorer Restorer { get; }

    /// <summary>The model's name in requests, followed by "+" and the LoRA's name if it has one.</summary>
    public string Name { get; private set; }

    /// <summary>Loads the model of a plan.</summary>
    public static LoadedModel Load(JobPlan job, CancellationToken cancellation) =>
        new(
            job,
            Restorer.Load(
                job.Model, job.Plan.Compute, job.Plan.Options.Unmerged, job.LoraPath, TimeProvider.System, cancellation)
        );

    /// <summary>Whether it was loaded from the plan's model, but the files have changed since.</summary>
    public bool IsOutdated(JobPlan job) => _path == job.Model.Path && _stamp != job.ModelStamp;

    /// <summary>Whether it can execute a plan, apart from the LoRA.</summary>
    public bool Serves(JobPlan job) => (_path, _stamp, _compute) == (job.Model.Path, job.ModelStamp, job.Plan.Compute);

    /// <summary>Whether the plan's LoRA is applied.</summary>
    public bool HasLora(JobPlan job) => (_lora, _loraStamp) == (job.LoraPath, job.LoraStamp);

    /// <summary>Replaces its LoRA with the plan's; everything else stays loaded.</summary>
    public void SwitchLora(JobPlan job, CancellationToken cancellation)
    {
        try
        {
            Restorer.SwitchLora(job.LoraPath, cancellation);
            (_lora, _loraStamp, Name) = (job.LoraPath, job.LoraStamp, NameOf(job.Request));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The memory it occupies between jobs.</summary>
    public HeldMemory Held { get; }

    /// <inheritdoc/>
    public void Dispose() => Restorer.Dispose();

    private static string NameOf(RestoreRequest request) => request.Lora is null ? request.Model : $"{request.Model}+{request.Lora}";
}
