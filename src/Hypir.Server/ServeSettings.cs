using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Restoration.Pipeline;

namespace Hypir.Server;

/// <summary>The settings that are fixed when an engine starts.</summary>
internal sealed record ServeSettings
{
    /// <summary>The name of the pipe.</summary>
    public required string Pipe { get; init; }

    /// <summary>The program's own folder: state, models and LoRA files.</summary>
    public required string Home { get; init; }

    /// <summary>How long the engine may be idle before it exits.</summary>
    public TimeSpan IdleExit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What "auto" in a request means: "auto", "cpu", "cuda" or "cuda:N".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>The maximum host memory that plans may use, in bytes; null for all free memory.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Whether prompts are logged. They reveal what users' photos show.</summary>
    public bool LogPrompts { get; init; }

    /// <summary>Speeds measured on this machine.</summary>
    public required SpeedBook Speeds { get; init; }

    /// <summary>The machine.</summary>
    public required IMachine Machine { get; init; }

    /// <summary>Observes computation; tests use it to simulate running out of memory.</summary>
    public IRestoreObserver? Observer { get; init; }

    /// <summary>Whether a device's memory becomes usable again in the same process after it ran out; GPU memory does not.</summary>
    public Func<string, bool> GivesMemoryBack { get; init; } = device => device == "cpu";
}
