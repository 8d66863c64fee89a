using Hypir.Training.Config;
using Hypir.Training.Data.Pairs;
using Hypir.Training.Loop;
using Hypir.Training.RunFolders;
using static TorchSharp.torch;

namespace Hypir.Training.Models;

/// <summary>The networks of a run, which it owns: what prepares batches for them, and what becomes of them at the end.</summary>
internal interface ITrainingModel : IDisposable
{
    /// <summary>The networks.</summary>
    TrainingNetworks Networks { get; }

    /// <summary>Converts pairs to a batch for the networks.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="seed">Seed of the noise that the batch needs, drawn on the CPU to be the same everywhere.</param>
    /// <param name="device">Where to compute.</param>
    PreparedBatch Prepare(PairBatch pairs, long seed, Device device);

    /// <summary>Writes the result of a run: weights for <c>hypir</c>, averaged if an average is kept.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="trainer">The training.</param>
    /// <returns>What was written.</returns>
    string WriteFinished(RunFolder folder, Trainer trainer);
}

/// <summary>Loads the networks that a configuration asks for.</summary>
internal static class TrainingModels
{
    /// <summary>Loads them.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="sources">Finds weights that it does not name.</param>
    /// <param name="prompts">The captions of the run.</param>
    /// <param name="device">The device of the networks.</param>
    /// <param name="note">Receives notes for the user.</param>
    /// <param name="cancellation">Checked between networks.</param>
    /// <exception cref="HypirException">A model or weights are missing or unusable.</exception>
    public static ITrainingModel Load(
        TrainSettings settings, WeightSources sources, IEnumerable<string> prompts, Device device, Action<string> note,
        CancellationToken cancellation)
    {
        if (settings.Kind == TrainKind.SinglePass)
            return SinglePassTraining.Create(settings, device);
        var model = TrainingModel.Load(settings, sources, device, note, cancellation);
        model.KeepEmbeddings(prompts);
        return model;
    }
}
