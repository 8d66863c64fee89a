using Hypir.Networks.Fast;
using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.SinglePass;

/// <summary>A loaded single-pass network. It belongs to one thread and keeps its file open, whose memory it may share.</summary>
public sealed class SinglePassModel : IDisposable
{
    private readonly SinglePassFile _file;
    private readonly SinglePassFile? _mixed;
    private readonly SinglePassNetwork _network;
    private IFastSinglePass? _fast;

    private SinglePassModel(SinglePassFile file, SinglePassFile? mixed, SinglePassNetwork network) =>
        (_file, _mixed, _network) = (file, mixed, network);

    /// <summary>The network's sizes.</summary>
    public SinglePassOutline Outline => _file.Outline;

    /// <summary>The network's weights by their names, in its type; they stay the network's.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights => _network.state_dict();

    /// <summary>Loads a network.</summary>
    /// <param name="file">The opened file, which the result takes over; it is closed where this fails.</param>
    /// <param name="type">The type that the network computes in.</param>
    /// <param name="device">Where the network lives.</param>
    /// <param name="mix">What is mixed into it, or null; the result takes its file over.</param>
    /// <param name="cancellation">Checked before each tensor.</param>
    /// <exception cref="ModelException">A weight is not finite, or the files are not of the same network.</exception>
    /// <exception cref="OperationCanceledException">Loading was cancelled; nothing stays loaded.</exception>
    public static SinglePassModel Load(
        SinglePassFile file, ScalarType type, Device? device = null, SinglePassMix? mix = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var scope = NewDisposeScope();
        try
        {
            WeightSource stored = new FiniteWeights(new CheckpointWeights(file.Source), file.Source.Path);
            if (mix is not null)
            {
                file.RequireSame(mix.File);
                // Files of the same network may be stored in different types.
                ScalarType wide = type == ScalarType.Float64 ? type : ScalarType.Float32;
                stored = new MixedWeights(
                    new CastWeights(stored, wide, CPU),
                    new CastWeights(new FiniteWeights(new CheckpointWeights(mix.File.Source), mix.File.Source.Path), wide, CPU),
                    mix.Share);
            }

            WeightSource weights = new CancellableWeights(new CastWeights(stored, type, device ?? CPU), cancellation);
            SinglePassNetwork network = file.Family.Build(file.Outline, new WeightScope(weights));
            network.eval();
            ModuleLifetime.Outlive([network]);
            return new(file, mix?.File, network);
        }
        catch
        {
            file.Dispose();
            mix?.File.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Rewrites the network for speed, once, if that is possible for its family, type and device and on this processor.
    /// </summary>
    public void MakeFast()
    {
        if (TensorMemory.SupportsSimd(_network.parameters().First()))
            Rewrite();
    }

    /// <summary>Frees the memory that evaluations keep for reuse.</summary>
    public void GiveMemoryBack() => _fast?.GiveMemoryBack();

    /// <summary>Evaluates the network on an image of any size.</summary>
    /// <param name="x">(B, in channels, H, W), RGB from 0 to 1, in the network's type. It stays the caller's.</param>
    /// <param name="run">Watches and cancels.</param>
    /// <param name="dial">The setting of <see cref="SinglePassOutline.Dial"/>; null for its standard.</param>
    /// <param name="fast">Whether to evaluate the rewritten network, if <see cref="MakeFast"/> made one.</param>
    /// <returns>(B, out channels, scale · H, scale · W), not clamped, owned by the caller.</returns>
    public Tensor Evaluate(Tensor x, NetworkRun? run = null, double? dial = null, bool fast = false) => Evaluate(
        x, dial, (padded, value) => fast && _fast is not null
            ? _fast.Forward(padded, run ?? NetworkRun.Unobserved, value)
            : _network.Forward(padded, run ?? NetworkRun.Unobserved, value));

    /// <summary>Evaluates the network in another form on an image of any size.</summary>
    /// <inheritdoc cref="Evaluate(Tensor, NetworkRun?, double?, bool)"/>
    /// <param name="x">(B, in channels, H, W), RGB from 0 to 1, in the network's type. It stays the caller's.</param>
    /// <param name="dial">The setting of <see cref="SinglePassOutline.Dial"/>; null for its standard.</param>
    /// <param name="network">Computes an image of a size that the network takes, with the dial's value if there is one.</param>
    public Tensor Evaluate(Tensor x, double? dial, Func<Tensor, double?, Tensor> network)
    {
        using var scope = NewDisposeScope();
        SinglePassNeeds needs = Outline.Needs;
        long height = x.shape[2], width = x.shape[3];
        Tensor padded = Padded(Padded(x, 2, needs.Padded(height)), 3, needs.Padded(width));
        Tensor y = network(padded, dial ?? Outline.Dial?.Standard);
        return y.narrow(2, 0, height * Outline.Scale).narrow(3, 0, width * Outline.Scale).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Frees the network and closes the file.</summary>
    public void Dispose()
    {
        _fast?.Dispose();
        _network.Dispose();
        _file.Dispose();
        _mixed?.Dispose();
    }

    /// <summary>Rewrites the network whatever the processor, for tests. Returns whether there is a rewritten network.</summary>
    internal bool Rewrite()
    {
        if (_fast is null && Outline.Fast is not null)
        {
            using var quiet = no_grad();
            _fast = _file.Family.Rewrite(Outline, new(new ModuleWeights(_network, _network.parameters().First().dtype)));
        }

        return _fast is not null;
    }

    /// <summary>Reflects a dimension at its end, and again at its beginning where it is shorter than what is added.</summary>
    private static Tensor Padded(Tensor x, int dimension, long size)
    {
        long old = x.shape[dimension];
        if (size == old)
            return x;
        long period = Math.Max(2 * (old - 1), 1);
        Tensor indices = tensor([.. Enumerable.Range(0, (int)size).Select(i => i % period < old ? i % period : period - i % period)]);
        return x.index_select(dimension, indices.to(x.device));
    }
}

/// <summary>Another source's weights, refused where one is not finite.</summary>
/// <param name="inner">Gives the tensors.</param>
/// <param name="path">The file, for messages.</param>
internal sealed class FiniteWeights(WeightSource inner, string path) : WeightSource
{
    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        Tensor weight = inner.Get(name, shape);
        using Tensor finite = weight.isfinite(), all = finite.all();
        if (all.item<bool>())
            return weight;
        weight.Dispose();
        throw new ModelException($"{path}: {name} holds numbers that are not finite.", "Download the file again; it may be damaged.");
    }
}

/// <summary>A second file of the same network, mixed weight by weight into the first.</summary>
/// <param name="File">The file.</param>
/// <param name="Share">Its share, 0 to 1; the first file has the rest.</param>
public sealed record SinglePassMix(SinglePassFile File, double Share);

/// <summary>Two sources' weights, mixed: the second's share of its own, the rest of the first's.</summary>
/// <param name="first">Gives the first.</param>
/// <param name="second">Gives the second, of the same shapes and types.</param>
/// <param name="share">The second's share, 0 to 1.</param>
internal sealed class MixedWeights(WeightSource first, WeightSource second, double share) : WeightSource
{
    /// <inheritdoc/>
    public override Tensor Get(string name, long[] shape)
    {
        using Tensor a = first.Get(name, shape), b = second.Get(name, shape), rest = a.Times(1 - share);
        return rest.Plus(b, share);
    }
}
