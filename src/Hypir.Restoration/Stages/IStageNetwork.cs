using Hypir.Networks;
using Hypir.Planning;
using static TorchSharp.torch;

namespace Hypir.Restoration.Stages;

/// <summary>
/// The network of one stage, on one device and in one type: a batch of tiles in, a batch of results out. The code around it (cutting tiles,
/// noise, blending) knows only this interface, and the network knows nothing of images.
/// </summary>
/// <remarks>
/// An instance belongs to the computing thread. Its backend owns the weights and must outlive it; <see cref="IDisposable.Dispose"/> frees
/// what the instance created itself, including the networks from <see cref="Wider"/>.
/// </remarks>
public interface IStageNetwork : IDisposable
{
    /// <summary>The type in which it computes.</summary>
    ComputePrecision Precision { get; }

    /// <summary>Its needs: memory, multiples, types.</summary>
    StageNeeds Needs { get; }

    /// <summary>Computes a batch of tiles of one size.</summary>
    /// <param name="tiles">
    /// (B, C, H, W) on the CPU in float32 or the plan's accumulator type; H and W are multiples of <see cref="StageNeeds.Multiple"/>. The
    /// caller keeps ownership; the tensor is not modified and may be a view.
    /// </param>
    /// <param name="run">Observes and cancels: it is entered before each block.</param>
    /// <returns>
    /// (B, C', H', W') on the device and in the type of the computation, in memory of its own and in the caller's dispose scope; the caller
    /// may overwrite it.
    /// </returns>
    /// <exception cref="OperationCanceledException">Cancelled between two blocks; no tensor is left alive.</exception>
    Tensor Compute(Tensor tiles, NetworkRun run);

    /// <summary>
    /// The same network in the next type with more range or precision, for a tile whose result is not finite. It is created on first use.
    /// </summary>
    /// <returns>The network, owned by this one; null if there is no wider type.</returns>
    IStageNetwork? Wider();
}

/// <summary>
/// The implementation behind the stages of a loaded model: plain torch on any device, the CPU kernels, or another library.
/// </summary>
public interface IStageBackend : IDisposable
{
    /// <summary>Prepares a stage's network for a plan, with the plan's prompt, timestep, type and device.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="stage">A stage with a network.</param>
    /// <returns>The network; the caller owns it.</returns>
    IStageNetwork Open(RestorePlan plan, RestoreStage stage);

    /// <summary>Frees memory kept for reuse between evaluations; the next one allocates it again.</summary>
    void GiveMemoryBack();
}
