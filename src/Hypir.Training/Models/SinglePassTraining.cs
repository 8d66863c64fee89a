using Hypir.Networks;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Fast.Training;
using Hypir.Networks.SinglePass;
using Hypir.Networks.Weights;
using Hypir.Planning;
using Hypir.Planning.Outlines;
using Hypir.Training.Config;
using Hypir.Training.Data.Pairs;
using Hypir.Training.Loop;
using Hypir.Training.RunFolders;
using static TorchSharp.torch;

namespace Hypir.Training.Models;

/// <summary>A single-pass network, new or from a file, trainable throughout; its targets are clean images or a teacher's results.</summary>
internal sealed class SinglePassTraining : ITrainingModel
{
    /// <summary>The file of a finished network.</summary>
    public const string File = "model.safetensors";

    // The draw of TrainingModel's new networks, since a run trains either.
    private const int NetworkDraw = 3;

    private readonly SinglePassNetwork _network;
    private readonly Teacher? _teacher;

    private SinglePassTraining(SinglePassNetwork network, Teacher? teacher)
    {
        (_network, _teacher) = (network, teacher);
        Networks = new SinglePassNetworks(network, null, null);
    }

    /// <inheritdoc/>
    public TrainingNetworks Networks { get; }

    /// <summary>Creates the network, or loads it.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="device">Its device.</param>
    /// <exception cref="HypirException">A file is unusable, or the targets would have another size.</exception>
    public static SinglePassTraining Create(TrainSettings settings, Device device)
    {
        using var scope = NewDisposeScope();
        using SinglePassFile? file = settings.Network.File is { } path ? SinglePassFile.Open(path) : null;
        SinglePassOutline outline = file?.Outline ?? NetworkDesign.Outline(settings.Network);
        TeacherFiles teacher = TeacherFiles.Parse(settings.Network.Teacher) ?? TeacherFiles.None;
        CheckChannels(settings.Network, outline, teacher);
        using var random = new FreshWeights(unchecked(settings.Data.Seed * 8 + NetworkDraw) & long.MaxValue, ScalarType.Float32, device);
        WeightSource weights = file is not null
            ? new CastWeights(new CheckpointWeights(file.Source), ScalarType.Float32, device)
            : settings.InitialWeights == InitialWeights.Identity ? new IdentitySinglePassWeights(random, outline) : random;
        SinglePassNetwork network = NetworkDesign.FamilyOf(outline).Build(outline, new WeightScope(weights));
        foreach (var parameter in network.parameters())
            parameter.requires_grad = true;
        if (KernelChoice.Parse(KernelChoice.Value) == StageKernels.Fast)
            FastGradients.Use(network);
        ModuleLifetime.Outlive([network]);
        return new(network, teacher.IsNone ? null : Teacher.Load(teacher, settings.Network.TeacherShare, outline.Scale, device));
    }

    /// <inheritdoc/>
    public PreparedBatch Prepare(PairBatch pairs, long seed, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor clean = pairs.Gt(device), damaged = pairs.Lq(device);
        Tensor target = _teacher is null ? clean : _teacher.Targets(pairs, clean, damaged);
        return new PreparedBatch(target.Times(2).Minus(1), damaged.Times(2).Minus(1), empty(0)).MoveToOuterDisposeScope();
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
    public void Dispose()
    {
        _teacher?.Dispose();
        _network.Dispose();
    }

    private static void CheckChannels(NetworkSettings settings, SinglePassOutline outline, TeacherFiles teacher)
    {
        if (outline is { InChannels: 3, OutChannels: 3, Needs.Side: null } && (outline.Scale == 1 || !teacher.IsNone))
            return;
        throw new ModelException(
            $"{settings.File}: {outline.Title} cannot be trained like this.",
            outline.Scale > 1
                ? "A network that enlarges needs a teacher of the same scale: network.teacher."
                : "Choose a network that reads and gives RGB images of any size.");
    }
}
