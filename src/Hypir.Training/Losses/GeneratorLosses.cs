using Hypir.Networks.Losses;
using Hypir.Training.Loop;
using static TorchSharp.torch;

namespace Hypir.Training.Losses;

/// <summary>The losses of the generator's images.</summary>
internal sealed class GeneratorLosses(TrainingNetworks networks, LossWeights weights, AdversarialLoss adversarial)
{
    /// <summary>The losses with a weight above 0.</summary>
    /// <param name="batch">The batch with the targets.</param>
    /// <param name="judged">Receives the discriminator's logits when its loss is computed.</param>
    public IEnumerable<LossTerm> Terms(PreparedBatch batch, Action<IReadOnlyList<Tensor>> judged)
    {
        Tensor target = batch.Target;
        LossTerm[] all =
        [
            new("mse", weights.L2, image => PixelLosses.L2(image, target)),
            new("l1", weights.L1, image => PixelLosses.L1(image, target)),
            new("charbonnier", weights.Charbonnier, image => PixelLosses.Charbonnier(image, target)),
            new("psnr", weights.Psnr, image => PixelLosses.Psnr(image, target)),
            new("frequency", weights.Frequency, image => PixelLosses.Frequency(image, target)),
            new("lpips", networks.Lpips is null ? 0 : weights.Lpips, image => Perceived(image, target)),
            new("disc", networks.Discriminator is null ? 0 : weights.Adversarial, image => Judged(image, judged)),
        ];
        return all.Where(term => term.Weight > 0);
    }

    private Tensor Perceived(Tensor image, Tensor target)
    {
        using var scope = NewDisposeScope();
        return networks.Lpips!.Forward(image, target).mean().MoveToOuterDisposeScope();
    }

    private Tensor Judged(Tensor image, Action<IReadOnlyList<Tensor>> judged)
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<Tensor> logits = networks.Discriminator!.Forward(image);
        judged(logits);
        return adversarial.Of(logits, AdversarialRole.Generator).mean().MoveToOuterDisposeScope();
    }
}

/// <summary>One of the generator's losses.</summary>
/// <param name="Name">As in the reference's logs, without the "G_".</param>
/// <param name="Weight">Its weight in the total.</param>
/// <param name="Of">The loss of an image, a scalar owned by the caller.</param>
internal sealed record LossTerm(string Name, double Weight, Func<Tensor, Tensor> Of);

/// <summary>Weights of the generator's losses; a loss of weight 0 is not computed.</summary>
public sealed record LossWeights
{
    /// <summary>Of the mean squared difference.</summary>
    public double L2 { get; init; } = 1;

    /// <summary>Of LPIPS.</summary>
    public double Lpips { get; init; } = 5;

    /// <summary>Of the discriminator's judgement.</summary>
    public double Adversarial { get; init; } = 0.5;

    /// <summary>Of the mean absolute difference.</summary>
    public double L1 { get; init; }

    /// <summary>Of the Charbonnier loss.</summary>
    public double Charbonnier { get; init; }

    /// <summary>Of the logarithmic loss.</summary>
    public double Psnr { get; init; }

    /// <summary>Of the frequency loss.</summary>
    public double Frequency { get; init; }
}
