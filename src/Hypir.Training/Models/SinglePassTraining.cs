using Hypir.Networks;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.SinglePass;
using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;
using Hypir.Training.Config;
using Hypir.Training.Data.Pairs;
using Hypir.Training.Loop;
using Hypir.Training.RunFolders;
using static TorchSharp.torch;

namespace Hypir.Training.Models;

/// <summary>A new single-pass network of a configuration's family and sizes, trainable throughout.</summary>
internal sealed class SinglePassTraining : ITrainingModel
{
    /// <summary>The file of a finished network.</summary>
    public const string File = "model.safetensors";

    // The draw of TrainingModel's new networks, since a run trains either.
    private const int NetworkDraw = 3;

    private readonly SinglePassNetwork _network;

    private SinglePassTraining(SinglePassNetwork network)
    {
        _network = network;
        Networks = new SinglePassNetworks(network, null, null);
    }

    /// <inheritdoc/>
    public TrainingNetworks Networks { get; }

    /// <summary>Creates the network.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="device">Its device.</param>
    public static SinglePassTraining Create(TrainSettings settings, Device device)
    {
        using var scope = NewDisposeScope();
        SinglePassOutline outline = NetworkDesign.Outline(settings.Network);
        using var random = new FreshWeights(unchecked(settings.Data.Seed * 8 + NetworkDraw) & long.MaxValue, ScalarType.Float32, device);
        WeightSource weights = settings.InitialWeights == InitialWeights.Identity
            ? new IdentitySinglePassWeights(random, outline)
            : random;
        SinglePassNetwork network = NetworkDesign.FamilyOf(outline).Build(outline, new WeightScope(weights));
        foreach (var parameter in network.parameters())
            parameter.requires_grad = true;
        ModuleLifetime.Outlive([network]);
        return new(network);
    }

    /// <inheritdoc/>
    public PreparedBatch Prepare(PairBatch pairs, long seed, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor target = pairs.Gt(device).Times(2).Minus(1), images = pairs.Lq(device).Times(2).Minus(1);
        return new PreparedBatch(target, images, empty(0)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public string WriteFinished(RunFolder folder, Trainer trainer)
    {
        var weights = trainer.Average?.ByName ?? trainer.Generator.ByName.ToDictionary(pair => pair.Key, pair => (Tensor)pair.Value);
        string path = folder.In(File);
        SafetensorsWriter.Write(path, weights);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
