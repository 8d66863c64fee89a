using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Planning.Outlines;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>An <see cref="AutoencoderKL"/> rewritten for speed; created once when a model is loaded.</summary>
public sealed class FastVae : IDisposable
{
    private readonly KeptTensors _kept = new();
    private readonly Half _encoder;
    private readonly Half _decoder;
    private readonly FastLinear? _quant;
    private readonly FastLinear? _postQuant;

    /// <summary>Rewrites a network.</summary>
    /// <param name="plain">The network; it must outlive this object, which shares its weights.</param>
    public FastVae(AutoencoderKL plain)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var root = new WeightScope(new ModuleWeights(plain, plain.parameters().First().dtype));
        VaeConfig config = plain.Config;
        long latent = config.LatentChannels;
        _encoder = new Half(_kept, root, VaeOutline.Encoder(config));
        _decoder = new Half(_kept, root, VaeOutline.Decoder(config));
        if (config.UseQuantConv)
            _quant = new FastLinear(_kept, 2 * latent, 2 * latent, true, new WeightScope(new FlatKernel(root["quant_conv"])));
        if (config.UsePostQuantConv)
            _postQuant = new FastLinear(_kept, latent, latent, true, new WeightScope(new FlatKernel(root["post_quant_conv"])));
    }

    /// <inheritdoc cref="AutoencoderKL.EncodeMoments(Tensor, NetworkRun?)"/>
    public Tensor EncodeMoments(Tensor x, NetworkRun? run = null)
    {
        using var scope = NewDisposeScope();
        _kept.Maps.ReclaimAll();
        FastMap moments = _encoder.Forward(FastMap.FromChannelsFirst(_kept.Maps, x), run ?? NetworkRun.Unobserved);
        return (_quant is null ? moments : new(_quant.Forward(moments.Whole()))).ToChannelsFirst().MoveToOuterDisposeScope();
    }

    /// <inheritdoc cref="AutoencoderKL.Decode(Tensor, NetworkRun?)"/>
    public Tensor Decode(Tensor z, NetworkRun? run = null)
    {
        using var scope = NewDisposeScope();
        _kept.Maps.ReclaimAll();
        FastMap map = FastMap.FromChannelsFirst(_kept.Maps, z);
        if (_postQuant is not null)
            map = map.Then(latent => new(_postQuant.Forward(latent.Whole())));
        return _decoder.Forward(map, run ?? NetworkRun.Unobserved).ToChannelsFirst().MoveToOuterDisposeScope();
    }

    /// <summary>Frees memory kept for reuse between evaluations; the next one allocates it again.</summary>
    public void GiveMemoryBack() => _kept.Maps.Dispose();

    /// <summary>Frees the rewritten network.</summary>
    public void Dispose() => _kept.Dispose();

    /// <summary>Encoder or decoder: both consist of the same blocks, in opposite order.</summary>
    private sealed class Half
    {
        private readonly FastConv _convIn;
        private readonly List<(string Name, Func<FastMap, FastMap> Compute)> _blocks = [];
        private readonly FastNorm _normOut;
        private readonly FastConv _convOut;

        public Half(KeptTensors kept, WeightScope root, NetworkOutline outline)
        {
            EntryBlock entry = outline.Blocks.OfType<EntryBlock>().Single();
            ExitBlock exit = outline.Blocks.OfType<ExitBlock>().Single();
            _convIn = FastConv.Of(kept, root, entry.Convolutions[^1]);
            foreach (BlockOutline block in outline.Blocks.Where(block => block.IsStep))
                _blocks.Add((block.Name, Computation(kept, root[block.Name], block)));
            _normOut = new FastNorm(kept, root[exit.Norm.Name], exit.Norm.Groups, exit.Norm.Channels, exit.Norm.Epsilon, exit.Activation);
            _convOut = FastConv.Of(kept, root, exit.Convolutions[0]);
        }

        public FastMap Forward(FastMap x, NetworkRun run)
        {
            FastMap h = x.Then(t => _convIn.Forward(t));
            foreach ((string name, Func<FastMap, FastMap> compute) in _blocks)
            {
                run.EnterBlock(name);
                h = h.Then(compute);
            }

            return h.Then(t => _convOut.Forward(t, _normOut));
        }

        private static Func<FastMap, FastMap> Computation(KeptTensors kept, WeightScope weights, BlockOutline block)
        {
            switch (block)
            {
                case ResnetBlock outline:
                    var resnet = new FastResnet(kept, weights, outline.InChannels, outline.OutChannels, outline.Style);
                    return x => resnet.Forward(x);
                case SpatialAttentionBlock outline:
                    return new FastSpatialAttention(kept, weights, outline.Channels, outline.Groups, outline.Epsilon).Forward;
                case DownsamplerBlock outline:
                    return FastSampler.Down(kept, weights, outline.Channels, outline.Padding).Halve;
                case UpsamplerBlock outline:
                    var sampler = FastSampler.Up(kept, weights, outline.Channels);
                    return x => sampler.Enlarge(x, 2 * x.Height, 2 * x.Width);
                default:
                    throw new ArgumentException($"{block.Name} is of a kind that no VAE has.", nameof(block));
            }
        }
    }
}
