using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Machine;

namespace Hypir.Server;

/// <summary>Everything that is decided when an engine starts.</summary>
internal sealed record ServeSettings
{
    /// <summary>Name of the pipe.</summary>
    public required string Pipe { get; init; }

    /// <summary>The program's own folder: state, models and LoRA files.</summary>
    public required string Home { get; init; }

    /// <summary>How long nothing may happen before the engine ends.</summary>
    public TimeSpan IdleExit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What "auto" in a request means: "auto", "cpu", "cuda" or "cuda:N".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Most bytes of host memory that the process may plan with, or null for what is free.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Whether prompts go into the log: they tell what people's images show.</summary>
    public bool LogPrompts { get; init; }

    /// <summary>Speeds measured on this machine.</summary>
    public required SpeedBook Speeds { get; init; }

    /// <summary>The machine.</summary>
    public required IMachine Machine { get; init; }

    /// <summary>Sees what is computed; for tests, which let memory run out there.</summary>
    public IRestoreObserver? Observer { get; init; }

    /// <summary>Whether memory that a device ran out of comes back within the process; GPUs' does not.</summary>
    public Func<string, bool> GivesMemoryBack { get; init; } = device => device == "cpu";
}
