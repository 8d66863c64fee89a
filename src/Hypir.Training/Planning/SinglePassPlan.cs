using Hypir.Planning.Outlines;
using Hypir.Training.Config;
using Hypir.Training.Loop;
using Hypir.Training.Models;

namespace Hypir.Training.Planning;

/// <summary>Plans the training of a single-pass network from its outline.</summary>
internal static class SinglePassPlan
{
    /// <summary>The .NET runtime and libtorch, loaded and warm.</summary>
    private const long Program = 200L << 20;

    /// <summary>Creates the plan.</summary>
    /// <param name="settings">The configuration, of kind <see cref="TrainKind.SinglePass"/>.</param>
    /// <param name="onGpu">Whether the run uses a GPU.</param>
    public static RunPlan Of(TrainSettings settings, bool onGpu)
    {
        SinglePassOutline outline = NetworkDesign.Outline(settings.Network);
        double pixels = (double)settings.Data.BatchSize * settings.Data.Crop.Size * settings.Data.Crop.Size;
        long weights = outline.Parameters * sizeof(float);
        double forward = pixels * outline.Blocks.Sum(OperationsPerPixel);
        double kept = pixels * outline.Blocks.Sum(KeptPerPixel) * sizeof(float), image = pixels * outline.InChannels * sizeof(float);
        TrainingSettings step = TrainingOptions.Of(settings);
        return new(settings, new(
            [
                new("program and libtorch", Program),
                new("weights", weights),
                new("optimizer", step.GeneratorOptimizer.Moments * weights),
                new("moving average", step.EmaDecay is null ? 0 : weights),
                new("batch", 2 * image),
            ],
            [new("forward and backward", kept + weights + 4 * image)],
            [new("forward", forward), new("backward, to parameters and input", 2 * forward)],
            []), onGpu);
    }

    /// <summary>Each weight of a block is multiplied once at each position of its result.</summary>
    private static double OperationsPerPixel(SinglePassBlock block) =>
        block.Ratio.Positions * block.Layers.Sum(layer => 2.0 * layer.Weights.Where(weight => weight.Shape.Count > 1)
            .Sum(weight => weight.Shape.Aggregate(1L, (product, size) => product * size)));

    /// <summary>What autograd keeps: the input of each layer, and as much again for activations.</summary>
    private static double KeptPerPixel(SinglePassBlock block) => block.Ratio.Positions * block.Layers.Sum(layer => layer switch
    {
        ConvLayer conv => 2.0 * Math.Max(conv.InChannels, conv.OutChannels),
        _ => 2.0 * layer.Weights.Select(weight => weight.Shape.Max()).DefaultIfEmpty().Max(),
    });
}
