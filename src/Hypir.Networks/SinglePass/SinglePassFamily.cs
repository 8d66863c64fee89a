using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass;

/// <summary>
/// One architecture of single-pass networks (image in, image out, in one evaluation). It is identified by the keys of a file, its sizes are
/// read from the weights' shapes, and its network is built from the weights.
/// </summary>
public abstract class SinglePassFamily
{
    private protected SinglePassFamily()
    {
    }

    /// <summary>The architecture's name, as people and other programs call it.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether a file's keys are this family's. It must be false for every other family's files; those in <see cref="ForeignNetworks"/> are
    /// recognized before.
    /// </summary>
    /// <param name="weights">The file's keys and shapes, as the file names them.</param>
    public abstract bool Matches(WeightShapes weights);

    /// <summary>
    /// This project's name for a key of the file, where the family is known under several layouts; null for a tensor that is no weight
    /// (masks and indices that the network computes itself).
    /// </summary>
    /// <param name="weights">The file's keys and shapes.</param>
    /// <param name="key">One of its keys.</param>
    public virtual string? Rename(WeightShapes weights, string key) => key;

    /// <summary>Reads the sizes.</summary>
    /// <param name="weights">Keys and shapes, renamed.</param>
    /// <exception cref="ModelException">Sizes contradict each other, or make a variant that is not supported.</exception>
    public abstract SinglePassOutline Describe(WeightShapes weights);

    /// <summary>Builds the network of an outline that <see cref="Describe"/> made.</summary>
    /// <param name="outline">The sizes.</param>
    /// <param name="weights">The weights, compared with the outline before.</param>
    public abstract SinglePassNetwork Build(SinglePassOutline outline, WeightScope weights);

    /// <summary>Rewrites a network for speed on a CPU, if <see cref="SinglePassOutline.Fast"/> says that this is possible.</summary>
    /// <param name="outline">The sizes.</param>
    /// <param name="weights">The root of the plain network's weights, float32 or float64 on the CPU.</param>
    public abstract IFastSinglePass Rewrite(SinglePassOutline outline, WeightScope weights);
}

/// <inheritdoc/>
/// <typeparam name="TOutline">The family's record of sizes.</typeparam>
public abstract class SinglePassFamily<TOutline> : SinglePassFamily
    where TOutline : SinglePassOutline
{
    /// <inheritdoc/>
    public sealed override SinglePassOutline Describe(WeightShapes weights) => Read(weights);

    /// <inheritdoc/>
    public sealed override SinglePassNetwork Build(SinglePassOutline outline, WeightScope weights) => Build((TOutline)outline, weights);

    /// <inheritdoc/>
    public sealed override IFastSinglePass Rewrite(SinglePassOutline outline, WeightScope weights) => Rewrite((TOutline)outline, weights);

    /// <inheritdoc cref="Rewrite(SinglePassOutline, WeightScope)"/>
    protected virtual IFastSinglePass Rewrite(TOutline outline, WeightScope weights) =>
        throw new NotSupportedException($"{Name} has no rewritten network.");

    /// <inheritdoc cref="Describe"/>
    protected abstract TOutline Read(WeightShapes weights);

    /// <inheritdoc cref="Build(SinglePassOutline, WeightScope)"/>
    protected abstract SinglePassNetwork Build(TOutline outline, WeightScope weights);
}
