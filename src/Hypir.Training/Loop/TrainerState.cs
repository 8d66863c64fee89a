using Hypir.Networks.Checkpoints;
using Hypir.Training.Optimizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Training.Loop;

/// <summary>
/// All state that a training carries from batch to batch, as tensors by name: parameters, averages, the discriminator with u and v,
/// optimizers, accumulated gradients, counters. A restored training continues exactly as if it had never stopped.
/// </summary>
public static class TrainerState
{
    private const string Counters = "counters";

    /// <summary>Handles of the training's own tensors, owned by the caller: write them before the next step changes them.</summary>
    public static IReadOnlyDictionary<string, Tensor> Capture(Trainer trainer)
    {
        var state = Sections(trainer).ToDictionary(entry => entry.Name, entry => entry.Tensor.detach(), StringComparer.Ordinal);
        foreach ((string name, Parameter parameter) in Parameters(trainer))
        {
            if (parameter.grad is { } gradient)
                state.Add($"gradient/{name}", gradient);
        }

        state.Add(
            Counters,
            tensor(
                new[]
                {
                    trainer.Counters.Batches,
                    trainer.Counters.Accumulated,
                    trainer.Counters.Steps,
                    trainer.GeneratorOptimizer.Steps,
                    trainer.DiscriminatorOptimizer?.Steps ?? 0,
                }
            )
        );
        return state;
    }

    /// <summary>Restores a captured state. Networks and settings must match those of the captured training.</summary>
    /// <param name="trainer">A training, usually new.</param>
    /// <param name="source">The result of <see cref="Capture"/>, usually from a file.</param>
    /// <exception cref="CheckpointException">A tensor is damaged.</exception>
    /// <exception cref="TrainingException">A tensor is missing or of another shape: the state belongs to another training. Nothing was
    /// changed.</exception>
    public static void Restore(Trainer trainer, ITensorSource source)
    {
        List<(string Name, Tensor Tensor)> own = [.. Sections(trainer)];
        string[] wrong =
        [
            .. own.Where(e => !source.Tensors.TryGetValue(e.Name, out TensorInfo? info) || !info.Shape.SequenceEqual(e.Tensor.shape))
                .Select(e => e.Name),
        ];
        if (wrong.Length > 0 || !source.Tensors.ContainsKey(Counters))
        {
            throw new TrainingException(
                $"{source.Path}: the saved state belongs to another training: {wrong.Length} parts differ, such as "
                    + $"{wrong.FirstOrDefault(Counters)}.",
                "Continue with the settings that it was saved with: rank, networks, optimizer, moving average."
            );
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach ((string name, Tensor target) in own)
        {
            using Tensor stored = source.Read(name);
            target.copy_(stored);
        }

        foreach ((string name, Parameter parameter) in Parameters(trainer))
            parameter.grad = source.Tensors.ContainsKey($"gradient/{name}")
                ? source.Read($"gradient/{name}").to(parameter.device).clone()
                : null;
        long[] counters = source.Read(Counters).data<long>().ToArray();
        trainer.Counters = new(counters[0], counters[1], counters[2]);
        trainer.GeneratorOptimizer.Steps = counters[3];
        if (trainer.DiscriminatorOptimizer is { } discriminator)
            discriminator.Steps = counters[4];
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Sections(Trainer trainer)
    {
        foreach ((string name, Parameter parameter) in trainer.Generator.ByName)
            yield return ($"generator/{name}", parameter);
        foreach ((string name, Tensor tensor) in trainer.Decoder?.state_dict() ?? [])
            yield return ($"discriminator/{name}", tensor);
        foreach ((string name, Tensor average) in trainer.Average?.ByName ?? new Dictionary<string, Tensor>())
            yield return ($"average/{name}", average);
        foreach (
            (string side, Optimizer? optimizer) in new[]
            {
                ("generator", trainer.GeneratorOptimizer),
                ("discriminator", trainer.DiscriminatorOptimizer!),
            }
        )
        {
            foreach ((string name, Tensor moment) in optimizer?.State ?? new Dictionary<string, Tensor>())
                yield return ($"optimizer/{side}/{name}", moment);
        }
    }

    private static IEnumerable<(string Name, Parameter Parameter)> Parameters(Trainer trainer) =>
        trainer
            .Generator.ByName.Select(p => ($"generator/{p.Key}", p.Value))
            .Concat(
                (trainer.Discriminator?.ByName ?? new Dictionary<string, Parameter>()).Select(p => ($"discriminator/{p.Key}", p.Value)));
}

/// <summary>Where a training stands.</summary>
/// <param name="Batches">Batches seen.</param>
/// <param name="Accumulated">Batches since gradients were last complete; one counter for both networks, as in the reference.</param>
/// <param name="Steps">Discriminator steps, which are the reference's global steps; generator steps if there is no discriminator.</param>
public readonly record struct TrainerCounters(long Batches, long Accumulated, long Steps)
{
    /// <summary>Counts one batch.</summary>
    /// <param name="accumulation">Batches per step.</param>
    /// <param name="lastOfEpoch">The end of an epoch completes gradients early and restarts the count.</param>
    /// <param name="complete">Whether gradients are complete now.</param>
    internal TrainerCounters Next(int accumulation, bool lastOfEpoch, out bool complete)
    {
        long accumulated = lastOfEpoch ? 0 : (Accumulated + 1) % accumulation;
        complete = accumulated == 0;
        return this with { Batches = Batches + 1, Accumulated = accumulated };
    }
}
