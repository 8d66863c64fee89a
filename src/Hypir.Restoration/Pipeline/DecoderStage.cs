using Hypir.Networks;
using Hypir.Networks.Vae;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

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
            networks.Fast is null ? null : () => networks.Fast.Vae.Decode(z.Upload(_types.Vae, _types.Device), Run()).to(TorchTypes.Widest(_types.Vae, float32)));

        NetworkRun Run() => _watch.Tile(RestoreStage.Decoding, tile);
    }
}
