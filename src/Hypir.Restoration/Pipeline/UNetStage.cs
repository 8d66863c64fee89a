using Hypir.Planning;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Stages;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>Restores latents: one step of the diffusion model.</summary>
internal sealed class UNetStage : NetworkStage
{
    private readonly RestorePlan _plan;
    private readonly JobWatch _watch;
    private readonly LatentRows _encoded;
    private readonly TileEvaluator _unet;

    /// <summary>Results of tiles computed in an earlier batch, in the order in which they will be requested.</summary>
    private readonly Queue<Tensor> _ahead = new();

    public UNetStage(IStageBackend backend, RestorePlan plan, ComputeTypes types, JobWatch watch, LatentRows encoded)
        : base(RestoreStage.Restoring, plan.Restoring, "generator_forward", types.UNet, types, watch)
    {
        (_plan, _watch, _encoded) = (plan, watch, encoded);
        _unet = new(backend.Open(plan, RestoreStage.Restoring), "UNet");
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Notes => _unet.Notes;

    /// <inheritdoc/>
    public override void Dispose()
    {
        while (_ahead.TryDequeue(out Tensor? tensor))
            tensor.Dispose();
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
        // Batches end with the row: the next row's latent may not exist yet.
        int together = Math.Min(_plan.Restoring.TilesPerBatch, tiles.Columns.Count - column);
        Tensor[] results = Compute(tile, [.. Enumerable.Range(column, together).Select(next => tiles.Window(row, next))]);
        foreach (Tensor next in results[1..])
            _ahead.Enqueue(next.DetachFromDisposeScope());
        return results[0];
    }

    private Tensor[] Compute(int tile, TileWindow[] together)
    {
        int count = together.Length;
        Tensor latent = count == 1 ? _encoded.Cut(together[0]) : cat([.. together.Select(_encoded.Cut)]);
        return _unet
            .Evaluate(network => network.Compute(latent, _watch.Tile(RestoreStage.Restoring, tile, count)), count).chunk(count, 0);
    }
}
