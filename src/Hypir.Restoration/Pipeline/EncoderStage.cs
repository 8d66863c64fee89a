using Hypir.Networks.Vae;
using Hypir.Planning;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Stages;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Encodes images to latents.</summary>
internal sealed class EncoderStage : NetworkStage
{
    private readonly RestorePlan _plan;
    private readonly ComputeTypes _types;
    private readonly JobWatch _watch;
    private readonly PaddedSource _pixels;
    private readonly TorchNoise? _drawn;
    private readonly IPosteriorNoise _noise;
    private readonly TileEvaluator _vae;
    private readonly int _batch;

    public EncoderStage(IStageBackend backend, RestorePlan plan, ComputeTypes types, JobWatch watch, IPixelSource working)
        : base(RestoreStage.Encoding, plan.Encoding, "vae_encoding", types.Vae, types, watch)
    {
        (_plan, _types, _watch, _batch) = (plan, types, watch, working.Batch);
        _pixels = new PaddedSource(working, reflect: !types.IsReference);
        _drawn = types.IsReference ? new TorchNoise(plan.Options.Seed) : null;
        _noise = _drawn is null ? new NoiseField(plan.Options.Seed, Origin(plan)) : _drawn;
        _vae = new(backend.Open(plan, RestoreStage.Encoding), "VAE encoder");
    }

    private static (int X, int Y) Origin(RestorePlan plan) => plan is { Area.Origin: var (x, y), Sizes.Enlarges: false }
        ? (x / plan.Model.Factor, y / plan.Model.Factor)
        : (0, 0);

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
        return _vae.Evaluate(network => Sample(network.Compute(x, _watch.Tile(RestoreStage.Encoding, tile)), z));
    }

    private Tensor Sample(Tensor moments, Tensor noise)
    {
        ScalarType formula = _types.Arithmetic(moments.dtype);
        return Posterior.SampleOver(moments.to(formula), noise.Upload(formula, _types.Device));
    }
}

/// <summary>Decodes latents to images.</summary>
internal sealed class DecoderStage(IStageBackend backend, RestorePlan plan, ComputeTypes types, JobWatch watch, LatentRows restored)
    : NetworkStage(RestoreStage.Decoding, plan.Decoding, "vae_decoding", types.Vae, types, watch)
{
    private readonly JobWatch _watch = watch;
    private readonly TileEvaluator _vae = new(backend.Open(plan, RestoreStage.Decoding), "VAE decoder");

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
        return _vae.Evaluate(network =>
        {
            Tensor pixels = network.Compute(z, _watch.Tile(RestoreStage.Decoding, tile));
            // The reference leaves the narrow types here too.
            return pixels.to(TorchTypes.Widest(pixels.dtype, float32));
        });
    }
}
