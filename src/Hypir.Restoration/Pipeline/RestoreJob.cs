using Hypir.Networks;
using Hypir.Networks.Fast;
using Hypir.Restoration.Planning;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>
/// Carries out one plan. Each stage is one method with a dispose scope of its own, which takes a whole latent on the CPU and hands on a whole latent
/// or finished rows: what fails within leaves nothing behind, and the job can be begun again.
/// </summary>
internal sealed class RestoreJob(
    DiffusionModel model, FastModel? fast, PromptCache prompts, RestorePlan plan, IPixelSource input, IRowSink output, JobWatch watch)
{
    private readonly JobTypes _types = new(plan);
    private readonly List<string> _notes = [];

    /// <summary>Things that a person should know about the result.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Does it all. The caller disables gradients.</summary>
    public void Run()
    {
        using var scope = NewDisposeScope();
        watch.Meter.Begin(RestoreStage.Encoding);
        IPixelSource scaled = Scale();
        if (!plan.RunsModel)
        {
            HandThrough(scaled);
            return;
        }
        using Tensor encoded = Encode(scaled);
        NativeSettings.GiveMemoryBack();
        using Tensor restored = Restore(encoded);
        if (!ReferenceEquals(restored, encoded))
            encoded.Dispose();
        NativeSettings.GiveMemoryBack();
        Decode(restored, scaled);
    }

    private IPixelSource Scale()
    {
        PictureSizes sizes = plan.Sizes;
        if (!sizes.Scales)
            return input;
        using var scope = NewDisposeScope();
        Tensor whole = input.Region(Whole(sizes.Input));
        bool shrinks = sizes.Scaled.Pixels < sizes.Input.Pixels;
        // The reference's four taps alias when they shrink.
        Tensor scaled = shrinks && !_types.Reference ? Resampling.ToSize(whole, sizes.Scaled, antialias: true)
            : sizes.Factor is double factor ? Resampling.ByFactor(whole, factor)
            : Resampling.ToSize(whole, sizes.Scaled, antialias: false);
        return new TensorSource(scaled.MoveToOuterDisposeScope());
    }

    private Tensor Encode(IPixelSource scaled)
    {
        using var scope = NewDisposeScope();
        IPixelSource working = plan.Sizes.Enlarges
            ? new TensorSource(Resampling.ToSize(scaled.Region(Whole(plan.Sizes.Scaled)), plan.Sizes.Working, antialias: true))
            : scaled;
        var pixels = new PaddedSource(working, reflect: !_types.Reference);
        using TorchNoise? drawn = _types.Reference ? new TorchNoise(plan.Options.Seed) : null;
        IPosteriorNoise noise = drawn is null ? new NoiseField(plan.Options.Seed) : drawn;
        using var vae = new TileEvaluator<AutoencoderKL>(model.Vae, _types.Vae, "VAE encoder", weights => new(model.Vae.Config, weights));
        Tensor latent = new TileStage(plan.Encoding, "vae_encoding", _types.Vae, _types, watch).Collect(
            (tile, window, place) =>
            {
                Tensor x = pixels.Tile(window);
                Tensor z = noise.Draw(place, input.Batch, plan.Model.LatentChannels, _types.Sum(_types.Vae));
                return vae.Evaluate(
                    (network, type) => Sample(network.EncodeMoments(x.to(type, _types.Device), watch.Tile(RestoreStage.Encoding, tile)), z, type),
                    fast is null ? null : () => Sample(fast.Vae.EncodeMoments(x.to(_types.Vae, _types.Device), watch.Tile(RestoreStage.Encoding, tile)), z, _types.Vae));
            },
            scope);
        _notes.AddRange(vae.Notes);
        return latent.MoveToOuterDisposeScope();
    }

    private Tensor Sample(Tensor moments, Tensor noise, ScalarType type)
    {
        ScalarType formula = _types.Formula(type);
        return Posterior.Sample(moments.to(formula), noise.to(formula, _types.Device));
    }

    private Tensor Restore(Tensor encoded)
    {
        using var scope = NewDisposeScope();
        watch.Meter.Begin(RestoreStage.Restoring);
        watch.Cancellation.ThrowIfCancellationRequested();
        double scaling = model.Vae.Config.ScalingFactor;
        Tensor text = prompts.Get(plan.Options.Prompt);
        Tensor timesteps = tensor(new long[] { plan.ModelT }, device: _types.Device);
        // Adapters that are to stay beside the layers are the plain network's.
        using var unet = new TileEvaluator<UNet2DConditionModel>(model.UNet, _types.UNet, "UNet", weights => new(model.UNet.Config, weights));
        FastUNet? rewritten = plan.Options.Unmerged ? null : fast?.UNet;
        UNetConditions? conditions = rewritten is null ? null : fast!.Conditions(plan.ModelT, text);
        TileWindow[] windows = [.. plan.Restoring.Tiles.Windows()];
        var ahead = new Queue<Tensor>();
        Tensor? blended = null;
        // In place where the types are equal: rows are given out when no later tile reads them.
        Tensor? inPlace = encoded.dtype == _types.Sum(_types.UNet) ? encoded : null;
        Tensor latent = new TileStage(plan.Restoring, "generator_forward", _types.UNet, _types, watch).Collect(
            (tile, _, _) =>
            {
                if (ahead.Count == 0)
                    foreach (Tensor next in Compute(tile, windows.AsSpan(tile, Math.Min(plan.Restoring.Together, windows.Length - tile))))
                        ahead.Enqueue(next.MoveToOtherDisposeScope(scope));
                // Blended by now: all of them together would be larger than the latent.
                blended?.Dispose();
                return blended = ahead.Dequeue();
            },
            scope,
            inPlace);
        _notes.AddRange(unet.Notes);
        return ReferenceEquals(latent, encoded) ? latent : latent.MoveToOuterDisposeScope();

        Tensor[] Compute(int tile, ReadOnlySpan<TileWindow> together)
        {
            int count = together.Length;
            List<Tensor> parts = [];
            foreach (TileWindow window in together)
                parts.Add(TiledFunction.Cut(encoded, window));
            Tensor sample = cat(parts).to(_types.Sum(_types.UNet), _types.Device).mul(scaling);
            return unet.Evaluate(
                (network, type) => Finish(network.Forward(sample.to(type), timesteps, text.to(type).expand(sample.shape[0], -1, -1), Run()), sample, type),
                rewritten is null ? null : () => Finish(rewritten.Forward(sample.to(_types.UNet), conditions!, Run()), sample, _types.UNet),
                count).chunk(count, 0);

            NetworkRun Run() => watch.Tile(RestoreStage.Restoring, tile, count);
        }

        Tensor Finish(Tensor prediction, Tensor sample, ScalarType type)
        {
            ScalarType formula = _types.Formula(type);
            return model.Scheduler.PredictOriginal(prediction.to(formula), sample.to(formula), plan.CoeffT).div(scaling);
        }
    }

    private void Decode(Tensor restored, IPixelSource scaled)
    {
        using var scope = NewDisposeScope();
        watch.Meter.Begin(RestoreStage.Decoding);
        using var finisher = new Finisher(plan, scaled, output, watch, scope);
        using var vae = new TileEvaluator<AutoencoderKL>(model.Vae, _types.Vae, "VAE decoder", weights => new(model.Vae.Config, weights));
        new TileStage(plan.Decoding, "vae_decoding", _types.Vae, _types, watch).Run(
            (tile, window, _) =>
            {
                Tensor z = TiledFunction.Cut(restored, window);
                // The reference too leaves the narrow types here.
                return vae.Evaluate(
                    (network, type) => network.Decode(z.to(type, _types.Device), watch.Tile(RestoreStage.Decoding, tile)).to(TorchTypes.Widest(type, float32)),
                    fast is null ? null : () => fast.Vae.Decode(z.to(_types.Vae, _types.Device), watch.Tile(RestoreStage.Decoding, tile)).to(TorchTypes.Widest(_types.Vae, float32)));
            },
            finisher.Add);
        _notes.AddRange(vae.Notes);
        watch.Meter.Begin(RestoreStage.Finishing);
        finisher.Complete();
    }

    private void HandThrough(IPixelSource scaled)
    {
        watch.Meter.Begin(RestoreStage.Finishing);
        for (int start = 0; start < plan.Sizes.Scaled.Height; start += plan.FinishingRows)
        {
            using var scope = NewDisposeScope();
            watch.Band(start);
            int end = Math.Min(start + plan.FinishingRows, plan.Sizes.Scaled.Height);
            output.Write(start, scaled.Region(new(start, end, 0, plan.Sizes.Scaled.Width)));
            watch.Meter.Rows(end - start);
        }
    }

    private static TileWindow Whole(PixelSize size) => new(0, size.Height, 0, size.Width);
}
