using Hypir.Networks.Layers;
using Hypir.Networks.Outlines;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>The same function as an <see cref="AutoencoderKL"/>, rewritten for speed; made once when a model is loaded.</summary>
public sealed class FastVae : IDisposable
{
    private const double Epsilon = 1e-6;
    private readonly KeptTensors _kept = new();
    private readonly Half _encoder;
    private readonly Half _decoder;
    private readonly FastLinear? _quant;
    private readonly FastLinear? _postQuant;

    /// <summary>Rewrites a network.</summary>
    /// <param name="plain">The network. Weights are shared with it, so that it must live as long as this.</param>
    public FastVae(AutoencoderKL plain)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var root = new WeightScope(new ModuleWeights(plain, plain.parameters().First().dtype));
        VaeConfig config = plain.Config;
        long latent = config.LatentChannels;
        _encoder = new Half(_kept, root["encoder"], config, down: true);
        _decoder = new Half(_kept, root["decoder"], config, down: false);
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

    /// <summary>Frees what evaluations have left to use again; the next one makes it anew.</summary>
    public void GiveMemoryBack() => _kept.Maps.Dispose();

    /// <summary>Frees what the rewriting made.</summary>
    public void Dispose() => _kept.Dispose();

    /// <summary>Encoder or decoder: they are made of the same blocks in the opposite order.</summary>
    private sealed class Half
    {
        private readonly FastConv _convIn;
        private readonly List<(string Name, Func<FastMap, FastMap> Compute)> _blocks = [];
        private readonly FastNorm _normOut;
        private readonly FastConv _convOut;

        public Half(KeptTensors kept, WeightScope weights, VaeConfig config, bool down)
        {
            IReadOnlyList<long> widths = config.BlockOutChannels;
            ResnetStyle style = VaeOutline.Style(config);
            (long first, long last) = down ? (widths[0], widths[^1]) : (widths[^1], widths[0]);
            _convIn = new FastConv(kept, weights["conv_in"], down ? config.InChannels : config.LatentChannels, first, 3);
            if (!down)
                AddMid(kept, weights["mid_block"], config, style);
            AddLevels(kept, weights, config, style, down);
            if (down)
                AddMid(kept, weights["mid_block"], config, style);
            _normOut = new FastNorm(kept, weights["conv_norm_out"], style.Groups, last, Epsilon, style.Activation);
            _convOut = new FastConv(kept, weights["conv_out"], last, down ? 2 * config.LatentChannels : config.OutChannels, 3);
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

        private void AddLevels(KeptTensors kept, WeightScope weights, VaeConfig config, ResnetStyle style, bool down)
        {
            IReadOnlyList<long> widths = config.BlockOutChannels;
            int layers = config.LayersPerBlock + (down ? 0 : 1);
            long width = down ? widths[0] : widths[^1];
            for (int i = 0; i < widths.Count; i++)
            {
                WeightScope level = weights[$"{(down ? "down" : "up")}_blocks.{i}"];
                long next = down ? widths[i] : widths[widths.Count - 1 - i];
                for (int layer = 0; layer < layers; layer++)
                {
                    Add(level[$"resnets.{layer}"], kept, width, next, style);
                    width = next;
                }

                if (i == widths.Count - 1)
                    break;
                WeightScope place = level[down ? "downsamplers.0" : "upsamplers.0"];
                FastSampler sampler = down ? FastSampler.Down(kept, place, width, 0) : FastSampler.Up(kept, place, width);
                _blocks.Add((place.Prefix, down ? sampler.Halve : x => sampler.Enlarge(x, 2 * x.Height, 2 * x.Width)));
            }
        }

        private void AddMid(KeptTensors kept, WeightScope weights, VaeConfig config, ResnetStyle style)
        {
            long width = config.BlockOutChannels[^1];
            Add(weights["resnets.0"], kept, width, width, style);
            if (config.MidBlockAttention)
            {
                var attention = new FastSpatialAttention(kept, weights["attentions.0"], width, style.Groups, Epsilon);
                _blocks.Add((weights["attentions.0"].Prefix, attention.Forward));
            }

            Add(weights["resnets.1"], kept, width, width, style);
        }

        private void Add(WeightScope place, KeptTensors kept, long from, long to, ResnetStyle style)
        {
            var resnet = new FastResnet(kept, place, from, to, style);
            _blocks.Add((place.Prefix, x => resnet.Forward(x)));
        }
    }
}
