

using Hypir.Training.Config;

namespace Hypir.Training.Loop;

/// <summary>The learning rates in the course of a run: a function of the step alone.</summary>
/// <param name="settings">Rates, warming up, schedule, length.</param>
internal sealed class LearningRates(TrainSettings settings)
{
    // Where half a cosine ends, as a share of where it begins.
    private const double Last = 0.01;

    /// <summary>Gives both optimizers their rates for the next batch.</summary>
    public void Set(Trainer trainer)
    {
        double factor = Factor(trainer.Counters.Steps);
        trainer.GeneratorOptimizer.LearningRate = settings.LearningRateG * factor;
        if (trainer.DiscriminatorOptimizer is { } discriminator)
            discriminator.LearningRate = settings.LearningRateD * factor;
    }

    /// <summary>What the rates are multiplied by after so many steps.</summary>
    public double Factor(long step)
    {
        if (step < settings.WarmupSteps)
            return (step + 1.0) / (settings.WarmupSteps + 1);
        if (settings.LearningRateSchedule == LearningRateSchedule.Constant)
            return 1;
        double done = Math.Min(1, (double)(step - settings.WarmupSteps) / Math.Max(1, settings.MaxTrainSteps - settings.WarmupSteps));
        return Last + (1 - Last) * (1 + Math.Cos(Math.PI * done)) / 2;
    }
}
