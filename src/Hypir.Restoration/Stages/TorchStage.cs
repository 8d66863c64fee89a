using Hypir.Networks;
using Hypir.Networks.Weights;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using static TorchSharp.torch;

namespace Hypir.Restoration.Stages;

/// <summary>A stage's network in plain torch.</summary>
/// <typeparam name="T">The network.</typeparam>
/// <param name="network">The network as loaded.</param>
/// <param name="type">The type in which it computes.</param>
/// <param name="recipe">How to compute it, and how to build it in another type.</param>
internal sealed class TorchStage<T>(T network, ScalarType type, TorchRecipe<T> recipe) : IStageNetwork
    where T : nn.Module
{
    private TorchStage<T>? _wider;

    /// <inheritdoc/>
    public ComputePrecision Precision => TorchTypes.PrecisionOf(type);

    /// <inheritdoc/>
    public StageNeeds Needs => StageNeeds.Of(recipe.Plan, recipe.Stage, Precision, StageKernels.Torch);

    /// <inheritdoc/>
    public Tensor Compute(Tensor tiles, NetworkRun run)
    {
        using var scope = NewDisposeScope();
        return recipe.Compute(network, type, tiles, run).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IStageNetwork? Wider()
    {
        if (_wider is not null || TorchTypes.Wider(type) is not ScalarType wider)
            return _wider;
        using var scope = NewDisposeScope();
        T copy = recipe.Build(new WeightScope(new ModuleWeights(network, wider)));
        copy.eval();
        foreach (Tensor parameter in copy.parameters())
            parameter.DetachFromDisposeScope();
        return _wider = new(copy, wider, recipe) { OwnsNetwork = true };
    }

    /// <summary>Whether disposing this object also disposes the network.</summary>
    private bool OwnsNetwork { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _wider?.Dispose();
        _wider = null;
        if (OwnsNetwork)
            network.Dispose();
    }
}

/// <summary>What the instances of one network in several types share.</summary>
/// <typeparam name="T">The network.</typeparam>
/// <param name="Plan">The plan that it computes.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="Build">Builds it from other weights.</param>
/// <param name="Compute">Computes a batch of tiles on the CPU with a network of the given type.</param>
internal sealed record TorchRecipe<T>(
    RestorePlan Plan, RestoreStage Stage, Func<WeightScope, T> Build, Func<T, ScalarType, Tensor, NetworkRun, Tensor> Compute);
