using Hypir.Restoration.Pipeline;

namespace Hypir.Restoration.Planning.Memory;

/// <summary>One of the things that a restoration needs memory for.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Bytes">How much.</param>
/// <param name="Stage">The stage that needs it, or null where it is there all the time.</param>
/// <param name="OnCard">Whether it lies in the memory of a GPU.</param>
public sealed record MemoryPart(string Name, long Bytes, RestoreStage? Stage = null, bool OnCard = false)
{
    /// <summary>Whether it stays as long as the model is loaded, between jobs too.</summary>
    public bool Stays { get; init; }
}
