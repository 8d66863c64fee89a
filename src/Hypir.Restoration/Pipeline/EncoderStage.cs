using Hypir.Networks;
using Hypir.Networks.Vae;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Pictures to latents.</summary>
internal sealed class EncoderStage : NetworkStage
{
    private readonly JobNetworks _networks;
    private readonly RestorePlan _plan;
    private readonly ComputeTypes _types;
    private readonly JobWatch _watch;
    private readonly PaddedSource _pixels;
    private readonly TorchNoise? _drawn;
    private readonly IPosteriorNoise _noise;
    private readonly TileEvaluator<AutoencoderKL> _vae;
    private readonly int _batch;

    public EncoderStage(JobNetworks networks, RestorePlan plan, ComputeTypes types, JobWatch watch, IPixelSource working)
        : base(RestoreStage.Encoding, plan.Encoding, "vae_encoding", types.Vae, types, watch)
    {
        (_networks, _plan, _types, _watch, _batch) = (networks, plan, types, watch, working.Batch);
        _pixels = new PaddedSource(working, reflect: !types.IsReference);
        _drawn = types.IsReference ? new TorchNoise(plan.Options.Seed) : null;
        _noise = _drawn is null ? new NoiseField(plan.Options.Seed) : _drawn;
        _vae = new(networks.Plain.Vae, types.Vae, "VAE encoder", weights => new(networks.Plain.Vae.Config, weights));
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Notes => _vae.Notes;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _vae.Dispose();
        _drawn?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Tensor Compute(int tile, TileWindow window, TileWindow place)
    {
        Tensor x = _pixels.Tile(window);
        Tensor z = _noise.Draw(place, _batch, _plan.Model.LatentChannels, _types.Accumulator(_types.Vae));
        return _vae.Evaluate(
            (network, type) => Sample(network.EncodeMoments(x.Upload(type, _types.Device), Run()), z, type),
            _networks.Fast is null
                ? null
                : () => SampleOver(_networks.Fast.Vae.EncodeMoments(x.Upload(_types.Vae, _types.Device), Run()), z)
        );

        NetworkRun Run() => _watch.Tile(RestoreStage.Encoding, tile);
    }

    private Tensor SampleOver(Tensor moments, Tensor noise)
    {
        ScalarType formula = _types.Arithmetic(_types.Vae);
        return Posterior.SampleOver(moments.to(formula), noise.Upload(formula, _types.Device));
    }

    private Tensor Sample(Tensor moments, Tensor noise, ScalarType type)
    {
        ScalarType formula = _types.Arithmetic(type);
        return Posterior.Sample(moments.to(formula), noise.Upload(formula, _types.Device));
    }
}

/// <summary>Latents to pictures.</summary>
internal sealed class DecoderStage(JobNetworks networks, RestorePlan plan, ComputeTypes types, JobWatch watch, LatentRows restored)
    : NetworkStage(RestoreStage.Decoding, plan.Decoding, "vae_decoding", types.Vae, types, watch)
{
    private readonly ComputeTypes _types = types;
    private readonly JobWatch _watch = watch;

    private readonly TileEvaluator<AutoencoderKL> _vae =
        new(networks.Plain.Vae, types.Vae, "VAE decoder", weights => new(networks.Plain.Vae.Config, weights));

    /// <inheritdoc/>
    public override IEnumerable<string> Notes => _vae.Notes;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _vae.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Tensor Compute(int tile, TileWindow window, TileWindow place)
    {
        Tensor z = restored.Cut(window);
        // The reference too leaves the narrow types here.
        return _vae.Evaluate(
            (network, type) => network.Decode(z.Upload(type, _types.Device), Run()).to(TorchTypes.Widest(type, float32)),
            networks.Fast is null
                ? null
                : () => networks.Fast.Vae.Decode(z.Upload(_types.Vae, _types.Device), Run()).to(TorchTypes.Widest(_types.Vae, float32))
        );

        NetworkRun Run() => _watch.Tile(RestoreStage.Decoding, tile);
    }
}
