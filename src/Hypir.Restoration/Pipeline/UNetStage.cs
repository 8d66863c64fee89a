using Hypir.Networks;
using Hypir.Networks.Fast;
using Hypir.Networks.UNet;
using Hypir.Restoration.Planning;
using Hypir.Restoration.Planning.Tiles;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Latents to restored latents: one step of the diffusion model.</summary>
internal sealed class UNetStage : NetworkStage
{
    private readonly JobNetworks _networks;
    private readonly RestorePlan _plan;
    private readonly ComputeTypes _types;
    private readonly JobWatch _watch;
    private readonly LatentRows _encoded;
    private readonly TileEvaluator<UNet2DConditionModel> _unet;
    private readonly FastUNet? _fast;
    private readonly UNetConditions? _conditions;
    private readonly Tensor _text;
    private readonly Tensor _timesteps;

    /// <summary>Tiles that were computed with one before them, and are asked for next.</summary>
    private readonly Queue<Tensor> _ahead = new();

    public UNetStage(JobNetworks networks, RestorePlan plan, ComputeTypes types, JobWatch watch, LatentRows encoded)
        : base(RestoreStage.Restoring, plan.Restoring, "generator_forward", types.UNet, types, watch)
    {
        (_networks, _plan, _types, _watch, _encoded) = (networks, plan, types, watch, encoded);
        _unet = new(networks.Plain.UNet, types.UNet, "UNet", weights => new(networks.Plain.UNet.Config, weights));
        _text = networks.Prompts.Get(plan.Options.Prompt);
        _timesteps = tensor(new long[] { plan.ModelT }, device: types.Device).DetachFromDisposeScope();
        // Adapters that are to stay beside the layers are the plain network's.
        _fast = plan.Options.Unmerged ? null : networks.Fast?.UNet;
        _conditions = _fast is null ? null : networks.Fast!.Conditions(plan.ModelT, _text);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Notes => _unet.Notes;

    private double Scaling => _networks.Plain.Vae.Config.ScalingFactor;

    /// <inheritdoc/>
    public override void Dispose()
    {
        while (_ahead.TryDequeue(out Tensor? tensor))
            tensor.Dispose();
        _timesteps.Dispose();
        _unet.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Tensor Compute(int tile, TileWindow window, TileWindow place)
    {
        if (_ahead.TryDequeue(out Tensor? ready))
        {
            using var scope = NewDisposeScope();
            scope.Attach(ready);
            return ready.MoveToOuterDisposeScope();
        }

        TileGrid tiles = _plan.Restoring.Tiles;
        int row = tile / tiles.Columns.Count, column = tile % tiles.Columns.Count;
        // Not beyond the row: the latent of the next may not be there yet.
        int together = Math.Min(_plan.Restoring.TilesPerBatch, tiles.Columns.Count - column);
        Tensor[] results = Compute(tile, [.. Enumerable.Range(column, together).Select(next => tiles.Window(row, next))]);
        foreach (Tensor next in results[1..])
            _ahead.Enqueue(next.DetachFromDisposeScope());
        return results[0];
    }

    private Tensor[] Compute(int tile, TileWindow[] together)
    {
        int count = together.Length;
        Tensor latent = (count == 1 ? _encoded.Cut(together[0]) : cat([.. together.Select(_encoded.Cut)])).Upload(
            _types.Accumulator(_types.UNet), _types.Device);
        return _unet
            .Evaluate((network, type) => Plain(network, type, latent, Run()), _fast is null ? null : () => Fast(latent, Run()), count)
            .chunk(count, 0);

        NetworkRun Run() => _watch.Tile(RestoreStage.Restoring, tile, count);
    }

    /// <summary>Step by step as the reference.</summary>
    private Tensor Plain(UNet2DConditionModel network, ScalarType type, Tensor latent, NetworkRun run)
    {
        Tensor sample = latent.Times(Scaling);
        Tensor prediction = network.Forward(sample.to(type), _timesteps, _text.to(type).expand(sample.shape[0], -1, -1), run);
        ScalarType formula = _types.Arithmetic(type);
        return _networks.Plain.Scheduler.PredictOriginal(prediction.to(formula), sample.to(formula), _plan.CoeffT).DividedBy(Scaling);
    }

    /// <summary>
    /// The same with the scale as a part of the copy that the network makes anyway, and of the formula: passes over the latent cost as much
    /// as narrow networks.
    /// </summary>
    private Tensor Fast(Tensor latent, NetworkRun run)
    {
        ScalarType formula = _types.Arithmetic(_types.UNet);
        Tensor prediction = _fast!.Forward(latent.to(_types.UNet), _conditions!, run, Scaling);
        return _networks.Plain.Scheduler.PredictOriginalOver(prediction.to(formula), latent.to(formula), _plan.CoeffT, Scaling);
    }
}
