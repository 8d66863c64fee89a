using Hypir.Networks;
using Hypir.Networks.SinglePass;
using Hypir.Onnx.Networks;
using Hypir.Planning;
using Hypir.Planning.Outlines;
using Hypir.Planning.Tiles;
using Hypir.Restoration.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>A single-pass network: evaluated once or several times, tile by tile, then reduced by area to the requested size.</summary>
/// <param name="model">The network, which this takes over.</param>
/// <param name="gpu">The GPU of any vendor that computes it, which this takes over too; null if torch does.</param>
internal sealed class SinglePassPipeline(SinglePassModel model, GraphDevice? gpu = null) : IModelPipeline
{
    private GraphJob? _job;

    /// <inheritdoc/>
    public bool LeftDevice => _job is { HasFailed: true };

    /// <inheritdoc/>
    public IReadOnlyList<string> Run(RestorePlan plan, IPixelSource input, IRowSink output, JobWatch watch)
    {
        if (!plan.RunsModel)
        {
            ScaledInput.HandThrough(ScaledInput.Of(input, plan), plan, output, watch);
            return [];
        }

        Prepare(plan.Kernels);
        _job = gpu is null ? null : new(gpu, plan);
        using var scope = NewDisposeScope();
        using var result = new SinglePassFinisher(plan, input, output, watch, scope);
        try
        {
            RunPasses(plan, input, result, watch, scope);
        }
        finally
        {
            model.GiveMemoryBack();
        }

        watch.Meter.Begin(RestoreStage.Finishing);
        result.Complete();
        return [.. _job?.Notes ?? []];
    }

    /// <inheritdoc/>
    public void Prepare(StageKernels kernels)
    {
        if (kernels == StageKernels.Fast && gpu is null)
            model.MakeFast();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        gpu?.Dispose();
        model.Dispose();
    }

    /// <summary>Evaluates the network, each time on the result of the time before; the last result is finished.</summary>
    private void RunPasses(RestorePlan plan, IPixelSource input, SinglePassFinisher result, JobWatch watch, DisposeScope scope)
    {
        IPixelSource source = Fitted(input, plan.Passes[0].From, scope);
        for (int i = 0; i < plan.Passes.Count; i++)
        {
            PassPlan pass = plan.Passes[i];
            watch.Meter.Begin(RestoreStage.Restoring, pass.Stage);
            if (i == plan.Passes.Count - 1)
            {
                Evaluate(plan, pass, source, result.Add, watch);
            }
            else
            {
                var whole = new RowCollector(pass.To.Height, scope);
                // What the first evaluation overshoots the second has never seen.
                Evaluate(plan, pass, source, (start, rows) => whole.Add(start, rows.ClampInPlace(0, 1)), watch);
                source = new TensorSource(whole.Whole);
            }
        }
    }

    /// <summary>The input in the only size that a network of faces takes; for other networks, the input itself.</summary>
    private static IPixelSource Fitted(IPixelSource input, PixelSize size, DisposeScope owner)
    {
        if (input.Size == size)
            return input;
        using var scope = NewDisposeScope();
        Tensor whole = input.Region(ScaledInput.Whole(input.Size));
        Tensor fitted = Resampling.ToSize(whole, size, antialias: true).ClampInPlace(0, 1);
        return new TensorSource(fitted.MoveToOtherDisposeScope(owner));
    }

    /// <summary>Evaluates the network on all tiles; each row of them gives a band of the result.</summary>
    private void Evaluate(RestorePlan plan, PassPlan pass, IPixelSource source, Action<int, Tensor> emit, JobWatch watch)
    {
        (TileGrid tiles, int scale) = (pass.Stage.Tiles, pass.Stage.Scale.Up);
        (int height, int width) = (pass.From.Height, pass.From.Width);
        for (int row = 0; row < tiles.Rows.Count; row++)
        {
            using var scope = NewDisposeScope();
            int top = PassPlan.Takeover(tiles.Rows, height, row), bottom = PassPlan.Takeover(tiles.Rows, height, row + 1);
            Tensor? band = null;
            for (int column = 0; column < tiles.Columns.Count; column++)
            {
                using var tile = NewDisposeScope();
                int left = PassPlan.Takeover(tiles.Columns, width, column), right = PassPlan.Takeover(tiles.Columns, width, column + 1);
                TileWindow all = tiles.Window(row, column);
                TileWindow window = all with { Bottom = Math.Min(all.Bottom, height), Right = Math.Min(all.Right, width) };
                NetworkRun run = watch.Tile(RestoreStage.Restoring, row * tiles.Columns.Count + column);
                Tensor y = Compute(plan, pass, source, window, run);
                Tensor used = y.narrow(2, (top - window.Top) * scale, (bottom - top) * scale)
                    .narrow(3, (left - window.Left) * scale, (right - left) * scale);
                if (tiles.Columns.Count == 1)
                {
                    band = used.MoveToOtherDisposeScope(scope);
                }
                else
                {
                    band ??= empty([1, 3, (bottom - top) * scale, width * scale], used.dtype).MoveToOtherDisposeScope(scope);
                    band.narrow(3, left * scale, (right - left) * scale).copy_(used);
                }

                watch.Meter.EndTile();
            }

            watch.Rows("single_pass", top * scale, band!);
            emit(top * scale, band!);
        }
    }

    /// <summary>A tile's result, (1, 3, scale · rows, scale · columns), on the CPU in the type of pixels.</summary>
    private Tensor Compute(RestorePlan plan, PassPlan pass, IPixelSource source, TileWindow window, NetworkRun run)
    {
        using var scope = NewDisposeScope();
        Tensor pixels = source.Region(window);
        Tensor x = model.Outline.InChannels switch
        {
            // Each color by itself.
            1 => pixels.permute(1, 0, 2, 3),
            3 => pixels,
            _ => cat([pixels, source.Alpha(window) ?? ones_like(pixels.narrow(1, 0, 1))], 1),
        };
        x = x.Upload(TorchTypes.Of(plan.Compute.UNet), device(plan.Compute.TorchDevice));
        Tensor y = _job is null ? OnTorch(x) : _job.Compute(pass.Stage.Cost.Operations, gpu => OnGpu(gpu, plan, x, run), () => OnTorch(x));
        y = model.Outline.InChannels == 1 ? y.permute(1, 0, 2, 3) : y.narrow(1, 0, 3);
        y = y.to(CPU).to(pixels.dtype).contiguous();
        if (!FiniteCheck.AllFinite(y))
        {
            throw new RestoreException(
                $"A tile came out with numbers that are not finite, in {plan.Compute.UNet.ToString().ToLowerInvariant()}.",
                plan.Compute.UNet is ComputePrecision.Float32 or ComputePrecision.Float64
                    ? "The model's weights are damaged or made for another pipeline: choose another one."
                    : "Choose --precision float32.");
        }

        return y.MoveToOuterDisposeScope();

        Tensor OnTorch(Tensor image) => model.Evaluate(image, run, plan.Options.Dial, plan.Kernels == StageKernels.Fast);
    }

    private Tensor OnGpu(GraphDevice gpu, RestorePlan plan, Tensor x, NetworkRun run)
    {
        run.EnterBlock(GraphJob.Block);
        bool isSet = plan.Options.Dial is not null;
        return model.Evaluate(x, plan.Options.Dial, (image, dial) =>
        {
            var inputs = new Dictionary<string, Tensor> { [SinglePassGraph.Image] = image };
            if (dial is { } value)
                inputs[SinglePassGraph.Dial] = tensor(value, float32).reshape(1, 1, 1, 1);
            var size = new MapSize(image.shape[2], image.shape[3], image.shape[0]);
            return gpu.Evaluate(
                new(model.Outline.Family, size, isSet), () => SinglePassGraph.Of(model.Outline, size, isSet), () => model.Weights, inputs,
                run.Cancellation);
        });
    }
}
