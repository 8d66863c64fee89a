using Hypir.Networks;
using Hypir.Networks.Discriminator;
using Hypir.Networks.Losses;
using Hypir.Training.Losses;
using Hypir.Training.Optimizers;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>
/// Trains generator and discriminator against each other, one batch at a time, like the reference's trainer. <see cref="TrainerState"/>
/// saves and restores all state that it carries from batch to batch. It owns the optimizers and averages, but not the networks. Not
/// thread-safe.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly AdversarialLoss _adversarial;

    /// <summary>Starts a training.</summary>
    /// <param name="networks">The networks, with gradients enabled for the trained parameters.</param>
    /// <param name="settings">The settings of a step.</param>
    public Trainer(TrainingNetworks networks, TrainingSettings settings)
    {
        (Networks, Settings) = (networks, settings);
        (Generator, Discriminator) = (networks.GeneratorParameters(), networks.DiscriminatorParameters());
        GeneratorOptimizer = settings.GeneratorOptimizer.Create(Generator);
        DiscriminatorOptimizer = Discriminator is null ? null : settings.DiscriminatorOptimizer.Create(Discriminator);
        Average = settings.EmaDecay is double decay ? new MovingAverage(Generator, decay) : null;
        _adversarial = new AdversarialLoss(settings.Adversarial);
        Losses = new GeneratorLosses(networks, settings.Losses, _adversarial);
    }

    /// <summary>The settings of a step.</summary>
    public TrainingSettings Settings { get; }

    /// <summary>The progress of the training.</summary>
    public TrainerCounters Counters { get; internal set; }

    /// <summary>The trained parameters of the generator.</summary>
    public ParameterSet Generator { get; }

    /// <summary>The trained parameters of the discriminator; null if there is none.</summary>
    public ParameterSet? Discriminator { get; }

    /// <summary>The generator's moving average, or null.</summary>
    public MovingAverage? Average { get; }

    /// <summary>The generator's optimizer.</summary>
    public Optimizer GeneratorOptimizer { get; }

    /// <summary>The discriminator's optimizer; null if there is none.</summary>
    public Optimizer? DiscriminatorOptimizer { get; }

    /// <summary>The networks.</summary>
    internal TrainingNetworks Networks { get; }

    /// <summary>The losses of the generator's images.</summary>
    internal GeneratorLosses Losses { get; }

    /// <summary>The trained decoder, with its buffers.</summary>
    internal MultiLevelDecoder? Decoder => Networks.Discriminator?.Decoder;

    /// <summary>The network that trains on the next batch; in a joint schedule, the generator goes first.</summary>
    public StepSide Turn =>
        Discriminator is not null && Settings.Schedule == TrainingSchedule.Alternating && Counters.Batches / Settings.Accumulation % 2 == 1
            ? StepSide.Discriminator
            : StepSide.Generator;

    /// <summary>Trains on one batch.</summary>
    /// <param name="batch">The batch, owned by the caller.</param>
    /// <param name="lastOfEpoch">Whether it is the epoch's last batch, which completes the gradients early.</param>
    /// <returns>One report, or in a joint schedule two, the generator's first.</returns>
    public IReadOnlyList<StepReport> Step(PreparedBatch batch, bool lastOfEpoch = false)
    {
        StepSide turn = Turn;
        TrainerCounters next = Counters.Next(Settings.Accumulation, lastOfEpoch, out bool complete);
        using var pass = GeneratorPass.Run(Networks, Settings, batch, gradients: turn == StepSide.Generator);
        List<StepReport> reports =
        [
            turn == StepSide.Generator ? StepGenerator(pass, batch, complete) : StepDiscriminator(pass.Image, batch, complete),
        ];
        if (Discriminator is not null && Settings.Schedule == TrainingSchedule.Joint)
        {
            using Tensor made = pass.Image.detach();
            reports.Add(StepDiscriminator(made, batch, complete));
        }

        // A step counts when the discriminator takes it, as in the reference, or the generator if there is no discriminator.
        bool counts = complete && (Discriminator is null || reports[^1].Side == StepSide.Discriminator);
        Counters = next with { Steps = next.Steps + (counts ? 1 : 0) };
        return reports;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Generator.ClearGradients();
        Discriminator?.ClearGradients();
        GeneratorOptimizer.Dispose();
        DiscriminatorOptimizer?.Dispose();
        Average?.Dispose();
    }

    /// <summary>Only the discriminator's decoder changes its mode: the tower is permanently frozen.</summary>
    internal void ReadyForGenerator()
    {
        Decoder?.eval();
        Discriminator?.WantGradients(false);
    }

    private StepReport StepGenerator(GeneratorPass pass, PreparedBatch batch, bool complete)
    {
        ReadyForGenerator();
        using var scope = NewDisposeScope();
        Tensor leaf = pass.Image.detach().requires_grad_(true);
        var losses = new Dictionary<string, double>();
        var means = new List<IReadOnlyList<double>>();
        // Each loss is propagated back to the image separately, so that only one loss's activations are alive at a time.
        foreach (LossTerm term in Losses.Terms(batch, logits => means.Add(Means(logits))))
        {
            using var own = NewDisposeScope();
            Tensor value = term.Of(leaf).Times(term.Weight);
            losses[$"G_{term.Name}"] = Number(value);
            value.DividedBy(Settings.Accumulation).backward();
        }

        losses["G_total"] = losses.Values.Sum();
        pass.Backward(leaf.grad!);
        (double? norm, bool skipped) = complete ? Move(Generator, GeneratorOptimizer) : (null, false);
        if (complete && !skipped)
            Average?.Update();
        return new(StepSide.Generator, losses, means, complete, norm, skipped);
    }

    private StepReport StepDiscriminator(Tensor made, PreparedBatch batch, bool complete)
    {
        Decoder!.train();
        Discriminator!.WantGradients(true);
        (double real, IReadOnlyList<double> realMeans) = Judge(batch.Target, AdversarialRole.Real);
        (double fake, IReadOnlyList<double> fakeMeans) = Judge(made, AdversarialRole.Fake);
        var losses = new Dictionary<string, double>
        {
            ["D"] = real + fake,
            ["D_logits_real"] = realMeans.Average(),
            ["D_logits_fake"] = fakeMeans.Average(),
        };
        (double? norm, bool skipped) = complete ? Move(Discriminator, DiscriminatorOptimizer!) : (null, false);
        return new(StepSide.Discriminator, losses, [realMeans, fakeMeans], complete, norm, skipped);
    }

    private (double Loss, IReadOnlyList<double> Means) Judge(Tensor images, AdversarialRole role)
    {
        using var scope = NewDisposeScope();
        IReadOnlyList<Tensor> logits = Networks.Discriminator!.Forward(images);
        Tensor loss = _adversarial.Of(logits, role).mean();
        loss.DividedBy(Settings.Accumulation).backward();
        return (Number(loss), Means(logits));
    }

    private (double? Norm, bool Skipped) Move(ParameterSet parameters, Optimizer optimizer)
    {
        double norm = parameters.ClipGradients(Settings.MaxGradientNorm);
        bool finite = double.IsFinite(norm);
        if (finite)
            optimizer.Step();
        parameters.ClearGradients();
        return (norm, !finite);
    }

    private static IReadOnlyList<double> Means(IReadOnlyList<Tensor> logits)
    {
        using var scope = NewDisposeScope();
        return [.. logits.Select(level => Number(level.detach().mean()))];
    }

    private static double Number(Tensor scalar)
    {
        using Tensor wide = scalar.detach().to(ScalarType.Float64);
        return wide.item<double>();
    }
}

/// <summary>The results of training one network on one batch.</summary>
/// <param name="Side">The network.</param>
/// <param name="Losses">
/// By the names of the reference's logs, weighted, not divided by the accumulation: G_total, G_mse, G_lpips, G_disc; D, D_logits_real,
/// D_logits_fake.
/// </param>
/// <param name="LogitMeans">
/// Mean logit of each level, for each call of the decoder: one for the generator; real, then fake for the discriminator.
/// </param>
/// <param name="Synchronised">Whether gradients were complete, so that a step was due.</param>
/// <param name="GradientNorm">The gradient's norm before clipping if a step was due, otherwise null.</param>
/// <param name="Skipped">Whether the step was skipped because the norm is not finite; parameters and optimizer are unchanged, the gradients
/// are discarded.</param>
public sealed record StepReport(
    StepSide Side, IReadOnlyDictionary<string, double> Losses, IReadOnlyList<IReadOnlyList<double>> LogitMeans, bool Synchronised,
    double? GradientNorm, bool Skipped);

/// <summary>The network that a step trained.</summary>
public enum StepSide
{
    /// <summary>UNet (and VAE decoder).</summary>
    Generator,

    /// <summary>The discriminator's decoder.</summary>
    Discriminator,
}
