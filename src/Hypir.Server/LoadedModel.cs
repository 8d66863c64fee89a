using Hypir.Protocol.Messages;
using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning;

namespace Hypir.Server;

/// <summary>A model in memory, with what it was loaded from.</summary>
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

    /// <summary>The request's name for it, and for its LoRA after "+".</summary>
    public string Name { get; private set; }

    /// <summary>Loads what a plan needs.</summary>
    public static LoadedModel Load(JobPlan job, CancellationToken cancellation) =>
        new(job, Restorer.Load(job.Model, job.Plan.Model, job.Plan.Compute, job.Plan.Options.Unmerged, job.LoraPath, TimeProvider.System, cancellation));

    /// <summary>Whether it was loaded from the plan's model, but from files that are no longer there so.</summary>
    public bool IsOutdated(JobPlan job) => _path == job.Model.Path && _stamp != job.ModelStamp;

    /// <summary>Whether it can carry out a plan, with whatever LoRA.</summary>
    public bool Serves(JobPlan job) => (_path, _stamp, _compute) == (job.Model.Path, job.ModelStamp, job.Plan.Compute);

    /// <summary>Whether the plan's LoRA is in it.</summary>
    public bool HasLora(JobPlan job) => (_lora, _loraStamp) == (job.LoraPath, job.LoraStamp);

    /// <summary>Takes its LoRA out and the plan's in; everything else stays.</summary>
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

    /// <summary>What it occupies between jobs.</summary>
    public HeldMemory Held { get; }

    /// <inheritdoc/>
    public void Dispose() => Restorer.Dispose();

    private static string NameOf(RestoreRequest request) => request.Lora is null ? request.Model : $"{request.Model}+{request.Lora}";
}
