using Hypir.Networks;
using Hypir.Training.Losses;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>Inspects a training for logs, without changing its state.</summary>
public static class TrainingViews
{
    /// <summary>Restores a batch's images for display.</summary>
    /// <param name="trainer">The training.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="average">Whether to use the moving average, which must exist, instead of the parameters.</param>
    /// <returns>Images, nominally in [-1, 1], (B, 3, H, W), in the type of the losses, owned by the caller.</returns>
    public static Tensor Generate(Trainer trainer, PreparedBatch batch, bool average = false)
    {
        MovingAverage? computing = average
            ? trainer.Average ?? throw new InvalidOperationException("This training has no moving average.")
            : null;
        computing?.Exchange();
        try
        {
            using var pass = GeneratorPass.Run(trainer.Networks, trainer.Settings, batch, gradients: false);
            return pass.Image.alias();
        }
        finally
        {
            computing?.Exchange();
        }
    }

    /// <summary>The norm of each loss's gradient for chosen parameters, as the reference logs them.</summary>
    /// <param name="trainer">The training.</param>
    /// <param name="batch">The batch to look at.</param>
    /// <param name="chosen">Selects names from <see cref="Trainer.Generator"/>.</param>
    /// <returns>The norms by the losses' names: mse, lpips, disc …</returns>
    public static IReadOnlyDictionary<string, double> GradientNorms(Trainer trainer, PreparedBatch batch, Func<string, bool> chosen)
    {
        var norms = new Dictionary<string, double>();
        trainer.ReadyForGenerator();
        using var pending = new GradientStash(trainer.Generator);
        foreach (LossTerm term in trainer.Losses.Terms(batch, _ => { }))
        {
            using var pass = GeneratorPass.Run(trainer.Networks, trainer.Settings, batch, gradients: true);
            using var scope = NewDisposeScope();
            Tensor leaf = pass.Image.detach().requires_grad_(true);
            term.Of(leaf).Times(term.Weight).backward();
            pass.Backward(leaf.grad!);
            norms[term.Name] = Math.Sqrt(
                trainer
                    .Generator.ByName.Where(p => chosen(p.Key))
                    .Sum(p => p.Value.grad is { } g ? g.Squared().sum().to(ScalarType.Float64).item<double>() : 0)
            );
            trainer.Generator.ClearGradients();
        }

        return norms;
    }
}
