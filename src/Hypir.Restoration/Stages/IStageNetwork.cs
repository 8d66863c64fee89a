using Hypir.Networks;
using Hypir.Restoration.Pipeline;
using Hypir.Restoration.Planning;
using static TorchSharp.torch;

namespace Hypir.Restoration.Stages;

/// <summary>
/// The network of one stage, on one device and in one type: a batch of tiles in, a batch of results out. What lies before and after it
/// (cutting tiles, noise, blending) knows no more of it than this, and it knows nothing of images.
/// </summary>
/// <remarks>
/// It belongs to the thread that computes. The weights are its backend's, which must live as long as this; <see cref="IDisposable.Dispose"/>
/// frees what it made itself, the networks of <see cref="Wider"/> among them.
/// </remarks>
public interface IStageNetwork : IDisposable
{
    /// <summary>The type that it computes in.</summary>
    ComputePrecision Precision { get; }

    /// <summary>What it asks for: memory, multiples, types.</summary>
    StageNeeds Needs { get; }

    /// <summary>Computes a batch of tiles of one size.</summary>
    /// <param name="tiles">
    /// (B, C, H, W) on the CPU in float32, or in what the plan adds up in; H and W are multiples of <see cref="StageNeeds.Multiple"/>. The
    /// tensor stays the caller's and is not changed; it may be a view.
    /// </param>
    /// <param name="run">Watches and cancels: it is entered before each block.</param>
    /// <returns>
    /// (B, C', H', W') wherever and in whatever type it was computed; memory of its own, in the caller's dispose scope, which the caller
    /// may overwrite.
    /// </returns>
    /// <exception cref="OperationCanceledException">Cancelled between two blocks; no tensor is left alive.</exception>
    Tensor Compute(Tensor tiles, NetworkRun run);

    /// <summary>
    /// The same network in the next type of more range or digits, for a tile whose result is not finite. It is made when it is first asked
    /// for.
    /// </summary>
    /// <returns>The network, owned by this one; null where there is no wider type.</returns>
    IStageNetwork? Wider();
}

/// <summary>What stands behind the stages of a loaded model: plain torch on any device, the CPU's kernels, or another library.</summary>
public interface IStageBackend : IDisposable
{
    /// <summary>Gets a stage's network ready for a plan: prompt, timestep, type and device are the plan's.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="stage">A stage that has a network.</param>
    /// <returns>The network, owned by the caller.</returns>
    IStageNetwork Open(RestorePlan plan, RestoreStage stage);

    /// <summary>Frees what evaluations have left to use again; the next one makes it anew.</summary>
    void GiveMemoryBack();
}
