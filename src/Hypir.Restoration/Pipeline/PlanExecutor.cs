using Hypir.Networks.Libraries;
using Hypir.Planning;
using Hypir.Restoration.Stages;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Executes one plan. Either each stage takes a whole latent on the CPU and returns a whole latent or finished rows, or the stages take
/// turns and pass on the rows of one row of tiles. After a failure nothing is left behind, and the job can be restarted.
/// </summary>
internal sealed class PlanExecutor(IStageBackend backend, RestorePlan plan, IPixelSource input, IRowSink output, JobWatch watch)
{
    private readonly ComputeTypes _types = new(plan);
    private readonly List<string> _notes = [];

    /// <summary>Notes for the user about the result.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Runs the plan. The caller disables gradients.</summary>
    public void Run()
    {
        using var scope = NewDisposeScope();
        watch.Meter.Begin(RestoreStage.Encoding);
        IPixelSource scaled = ScaledInput.Of(input, plan);
        try
        {
            if (!plan.RunsModel)
                ScaledInput.HandThrough(scaled, plan, output, watch);
            else if (plan.ByBands)
                TakeTurns(scaled);
            else
                OneAfterAnother(scaled);
        }
        finally
        {
            backend.GiveMemoryBack();
        }
    }

    private void OneAfterAnother(IPixelSource scaled)
    {
        int height = plan.Decoding.Tiles.Rows.Length;
        using var encoded = new LatentRows(height);
        using (NewDisposeScope())
        using (var encoder = new EncoderStage(backend, plan, _types, watch, Working(scaled)))
            Finish(encoder, encoded.Put);
        // In place if the types are equal: rows are emitted only when no later tile reads them.
        using var restored = _types.Accumulator(_types.Vae) == _types.Accumulator(_types.UNet) ? encoded : new LatentRows(height);
        Begin(RestoreStage.Restoring);
        using (var unet = new UNetStage(backend, plan, _types, watch, encoded))
            Finish(unet, restored.Put);
        if (restored != encoded)
            encoded.Dispose();
        Begin(RestoreStage.Decoding);
        using var scope = NewDisposeScope();
        using var finisher = new Finisher(plan, scaled, output, watch, scope);
        using (var decoder = new DecoderStage(backend, plan, _types, watch, restored))
            Finish(decoder, finisher.Add);
        watch.Meter.Begin(RestoreStage.Finishing);
        finisher.Complete();
    }

    private void Finish(NetworkStage stage, Action<int, Tensor> emit)
    {
        stage.Run(emit);
        _notes.AddRange(stage.Notes);
    }

    /// <summary>
    /// Computes each row of tiles as soon as its input rows exist, later stages first, which minimizes the rows held.
    /// </summary>
    private void TakeTurns(IPixelSource scaled)
    {
        using var encoded = new LatentRows(RestorePlan.RowsBetween(plan.Encoding, plan.Restoring));
        using var restored = new LatentRows(RestorePlan.RowsBetween(plan.Restoring, plan.Decoding));
        using var encoder = new EncoderStage(backend, plan, _types, watch, Working(scaled));
        using var unet = new UNetStage(backend, plan, _types, watch, encoded);
        using var decoder = new DecoderStage(backend, plan, _types, watch, restored);
        using var scope = NewDisposeScope();
        using var finisher = new Finisher(plan, scaled, output, watch, scope);
        NetworkStage turn = encoder;
        while (!decoder.IsDone)
        {
            if (restored.End >= decoder.Bottom)
                Take(decoder, finisher.Add);
            else if (encoded.End >= unet.Bottom)
                Take(unet, restored.Put);
            else
                Take(encoder, encoded.Put);
            encoded.Forget(unet.Top);
            restored.Forget(decoder.Top);
        }
        foreach (NetworkStage stage in new NetworkStage[] { encoder, unet, decoder })
            _notes.AddRange(stage.Notes);
        watch.Meter.Begin(RestoreStage.Finishing);
        finisher.Complete();

        void Take(NetworkStage stage, Action<int, Tensor> emit)
        {
            if (stage != turn)
                Begin(stage.Kind);
            turn = stage;
            stage.RunRow(emit);
        }
    }

    private void Begin(RestoreStage stage)
    {
        backend.GiveMemoryBack();
        NativeSettings.GiveMemoryBack();
        watch.Meter.Begin(stage);
        watch.Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The model's input before padding.</summary>
    private IPixelSource Working(IPixelSource scaled) => plan.Sizes.Enlarges
        ? new TensorSource(Resampling.ToSize(scaled.Region(ScaledInput.Whole(plan.Sizes.Scaled)), plan.Sizes.Working, antialias: true))
        : scaled;
}
