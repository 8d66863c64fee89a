using Hypir.Networks.UNet;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>
/// A <see cref="UNet2DConditionModel"/> at a fixed timestep and text, rewritten for speed; created once when a model is loaded.
/// </summary>
public sealed class FastUNet : IDisposable
{
    private readonly KeptTensors _kept = new();
    private readonly UNetConfig _config;
    private readonly TimestepEmbedding _time;
    private readonly FastConv _convIn;
    private readonly Step[] _down;
    private readonly Step[] _up;
    private readonly FastNorm _normOut;
    private readonly FastConv _convOut;

    /// <summary>Rewrites a network.</summary>
    /// <param name="plain">The network; it must outlive this object, which shares its weights.</param>
    public FastUNet(UNet2DConditionModel plain)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        _config = plain.Config;
        _time = plain.TimeEmbedding;
        var root = new WeightScope(new ModuleWeights(plain, plain.parameters().First().dtype));
        BlockOutline[] blocks = [.. UNetOutline.Of(_config).Blocks];
        EntryBlock entry = blocks.OfType<EntryBlock>().Single();
        ExitBlock exit = blocks.OfType<ExitBlock>().Single();
        _convIn = FastConv.Of(_kept, root, entry.Convolutions[0]);
        // The way down ends with the last result kept as a skip.
        int bottom = Array.FindLastIndex(blocks, block => block.IsSkip) + 1;
        _down = [.. blocks[..bottom].Where(block => block.IsStep).Select(block => StepOf(block, root))];
        _up = [.. blocks[bottom..].Where(block => block.IsStep).Select(block => StepOf(block, root))];
        _normOut = new FastNorm(_kept, root[exit.Norm.Name], exit.Norm.Groups, exit.Norm.Channels, exit.Norm.Epsilon, exit.Activation);
        _convOut = FastConv.Of(_kept, root, exit.Convolutions[0]);
    }

    private IEnumerable<Step> Steps => _down.Concat(_up);

    /// <summary>Precomputes the network's values for a timestep and a text.</summary>
    /// <param name="timestep">The timestep.</param>
    /// <param name="text">Text embedding, (1, tokens, cross-attention width).</param>
    /// <returns>The values, for use with this network; the caller owns them.</returns>
    public UNetConditions Conditions(long timestep, Tensor text)
    {
        using var scope = NewDisposeScope();
        Tensor time = _time.call(tensor(new[] { timestep }, device: text.device));
        Tensor[] biases = [.. Steps.Select(step => step.Resnet?.BiasAt(time)).OfType<Tensor>()];
        TextKeys[][] texts =
        [
            .. Steps.Where(step => step.Transformer is not null).Select(step => step.Transformer!.KeysOf(text).ToArray()),
        ];
        foreach (Tensor tensor in biases.Concat(texts.SelectMany(t => t).SelectMany(t => new[] { t.Keys, t.Values })))
            tensor.DetachFromDisposeScope();
        return new(biases, texts);
    }

    /// <summary>Evaluates the network.</summary>
    /// <param name="sample">Noisy latents, (B, in channels, H, W); H and W at least 1.</param>
    /// <param name="conditions">From <see cref="Conditions"/>.</param>
    /// <param name="run">Observes and cancels.</param>
    /// <param name="scale">Factor applied to the latents first.</param>
    /// <returns>The prediction, (B, out channels, H, W), owned by the caller.</returns>
    /// <exception cref="OperationCanceledException">Cancelled between two blocks; no tensor is left alive.</exception>
    public Tensor Forward(Tensor sample, UNetConditions conditions, NetworkRun? run = null, double scale = 1)
    {
        using var scope = NewDisposeScope();
        _kept.Maps.ReclaimAll();
        var pass = new Pass(conditions, run ?? NetworkRun.Unobserved);
        FastMap latents = _config.CenterInput
            ? FastMap.FromChannelsFirst(_kept.Maps, sample.Times(2 * scale).Minus(1))
            : FastMap.FromChannelsFirst(_kept.Maps, sample, scale);
        FastMap x = latents.Then(t => _convIn.Forward(t));
        pass.Skips.Push(x);
        bool isSkip = true;
        foreach (Step step in _down)
        {
            FastMap y = step.Compute(x, pass);
            if (!isSkip)
                x.Dispose();
            (x, isSkip) = (y, step.Block.IsSkip);
            if (isSkip)
                pass.Skips.Push(x);
        }

        x = x.Alias();
        foreach (Step step in _up)
            x = x.Then(t => step.Compute(t, pass));
        return x.Then(t => _convOut.Forward(t, _normOut)).ToChannelsFirst().MoveToOuterDisposeScope();
    }

    /// <summary>Frees memory kept for reuse between evaluations; the next one allocates it again.</summary>
    public void GiveMemoryBack() => _kept.Maps.Dispose();

    /// <summary>Frees the rewritten network.</summary>
    public void Dispose() => _kept.Dispose();

    private Step StepOf(BlockOutline block, WeightScope root)
    {
        WeightScope weights = root[block.Name];
        return block switch
        {
            ResnetBlock resnet => new(block) { Resnet = new(_kept, weights, resnet.InChannels, resnet.OutChannels, resnet.Style) },
            TransformerBlock transformer => new(block) { Transformer = new(_kept, weights, _config, transformer.Scale) },
            DownsamplerBlock sampler => new(block) { Halve = FastSampler.Down(_kept, weights, sampler.Channels, sampler.Padding) },
            UpsamplerBlock sampler => new(block) { Enlarge = FastSampler.Up(_kept, weights, sampler.Channels) },
            _ => throw new ArgumentException($"{block.Name} is of a kind that no UNet has.", nameof(block)),
        };
    }

    /// <summary>One evaluation: the conditions and skips not yet consumed.</summary>
    private sealed class Pass(UNetConditions conditions, NetworkRun run)
    {
        private int _bias;
        private int _text;

        public Stack<FastMap> Skips { get; } = new();

        public NetworkRun Run => run;

        public Tensor NextBias() => conditions.Biases[_bias++];

        public TextKeys[] NextText() => conditions.Texts[_text++];
    }

    /// <summary>One block of the network; exactly one of its parts is set.</summary>
    private sealed record Step(BlockOutline Block)
    {
        public FastResnet? Resnet { get; init; }

        public FastTransformer? Transformer { get; init; }

        public FastSampler? Halve { get; init; }

        public FastSampler? Enlarge { get; init; }

        public FastMap Compute(FastMap x, Pass pass)
        {
            pass.Run.EnterBlock(Block.Name);
            if (Transformer is not null)
                return Transformer.Forward(x, pass.NextText());
            if (Halve is not null)
                return Halve.Halve(x);
            if (Enlarge is not null)
                return Enlarge.Enlarge(x, pass.Skips.Peek().Height, pass.Skips.Peek().Width);
            if (Block is not ResnetBlock { Skip: not null })
                return Resnet!.Forward(x, pass.NextBias());
            using FastMap skip = pass.Skips.Pop();
            return Resnet!.Forward(FastMap.Beside(x, skip), pass.NextBias());
        }
    }
}

/// <summary>The values of a <see cref="FastUNet"/> that depend only on timestep and text, computed once for all tiles.</summary>
public sealed class UNetConditions : IDisposable
{
    internal UNetConditions(Tensor[] biases, TextKeys[][] texts) => (Biases, Texts) = (biases, texts);

    /// <summary>The first bias of each residual block, in execution order.</summary>
    internal Tensor[] Biases { get; }

    /// <summary>Keys and values of each transformer's blocks, in execution order.</summary>
    internal TextKeys[][] Texts { get; }

    /// <summary>Frees the values.</summary>
    public void Dispose()
    {
        foreach (Tensor bias in Biases)
            bias.Dispose();
        foreach (TextKeys text in Texts.SelectMany(texts => texts))
        {
            text.Keys.Dispose();
            text.Values.Dispose();
        }
    }
}
