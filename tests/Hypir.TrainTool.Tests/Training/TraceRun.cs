using System.Text.Json;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Discriminator;
using Hypir.Networks.Lora;
using Hypir.Networks.Models;
using Hypir.Networks.Perceptual;
using Hypir.Networks.UNet;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Testing;
using Hypir.Training.Loop;
using Hypir.Training.Losses;
using Hypir.Training.Optimizers;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Training;

/// <summary>The goldens' trainer set up again: networks, settings and batches of one recorded run, in float64 as a rule.</summary>
internal sealed class TraceRun : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly DiffusionModel _model;
    private readonly ScalarType _wide;
    private readonly GoldenCase _batches;

    /// <param name="file">A recorded run.</param>
    /// <param name="settings">Settings to train with, or null for the run's own.</param>
    /// <param name="frozen">Type of what is not trained.</param>
    /// <param name="wide">Type of what is trained, and of the losses.</param>
    public TraceRun(
        string file, TrainingSettings? settings = null, ScalarType frozen = ScalarType.Float64, ScalarType wide = ScalarType.Float64)
    {
        _wide = wide;
        Case = Keep(new GoldenCase(Goldens.Require("training", "trace", file)));
        _batches = Keep(new GoldenCase(Goldens.Require("training", "trace", "batches.safetensors")));
        _model = Keep(
            DiffusionModel.Load(ModelFolder.Open(Goldens.Require("tiny-sd2")), new LoadSettings { UNetType = frozen, VaeType = frozen }));
        using (var lora = SafetensorsFile.Open(Goldens.Require("tiny-lora", "state_dict.safetensors")))
        {
            UNetConfig config = _model.UNet.Config;
            LoraAttachment.Attach(
                _model.UNet, LoraWeights.Check(lora, ShapeRecorder.Record(w => new UNet2DConditionModel(config, w))), wide, CPU,
                trainable: true);
        }

        ConvNextTower tower = Keep(
            new ConvNextTower(ConvNextConfig.Detect(Shapes(_batches, "param.")), Weights(new GoldenWeights(_batches, "param."), frozen)));
        DecoderConfig decoder = DecoderConfig.For(tower.Config, Case["in.D.decoder.decoder.0.1.bias"].shape[0]);
        Networks = new DiffusionNetworks(
            _model.UNet, _model.Vae, _model.Scheduler,
            new ImageDiscriminator(tower, Keep(new MultiLevelDecoder(decoder, Weights(new GoldenWeights(Case, "in.D.decoder."), wide)))),
            Metric());
        Settings = settings ?? Read(Case.Case.GetProperty("config"));
        Trainer = Keep(new Trainer(Networks, Settings));
        Order = [.. Case.Case.GetProperty("batch_order").EnumerateArray().Select(v => v.GetInt32())];
    }

    public GoldenCase Case { get; }

    public DiffusionNetworks Networks { get; }

    public TrainingSettings Settings { get; }

    public Trainer Trainer { get; }

    /// <summary>Which batch each step had; the last of an epoch is followed by 0 or nothing.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>Whether a step's batch is the last of its epoch.</summary>
    public bool LastOfEpoch(int step) => Order[step] == Order.Max();

    /// <summary>The embedding of a batch's prompts.</summary>
    public Tensor Text(int batch)
    {
        using var scope = NewDisposeScope();
        return cat([.. _batches.Case.GetProperty("prompts")[batch].EnumerateArray().Select(p => _model.EncodePrompt(p.GetString()!))])
            .MoveToOuterDisposeScope();
    }

    public PreparedBatch Batch(int step)
    {
        using var scope = NewDisposeScope();
        using Tensor text = Text(Order[step]);
        PreparedBatch batch = PreparedBatch.Make(Networks, Unit("in.GT"), Unit("in.LQ"), text, Case["in.noise"][step], _wide);
        foreach (Tensor tensor in new[] { batch.Target, batch.Latent, batch.Text })
            tensor.MoveToOuterDisposeScope();
        return batch;

        Tensor Unit(string name) => _batches[name][Order[step]].to(ScalarType.Float64) / 255;
    }

    public void Dispose()
    {
        for (int i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
    }

    private static TrainingSettings Read(JsonElement c)
    {
        OptimizerSettings Optimizer(string rate) => Text("optimizer_type") switch
        {
            "adam" => new AdamWSettings
            {
                LearningRate = Number(rate),
                Beta1 = Option("betas") is { } betas ? betas[0].GetDouble() : 0.9,
                Beta2 = Option("betas") is { } same ? same[1].GetDouble() : 0.999,
                Epsilon = Option("eps")?.GetDouble() ?? 1e-8,
                WeightDecay = Option("weight_decay")?.GetDouble() ?? 0.01,
            },
            "rmsprop" => new RmsPropSettings
            {
                LearningRate = Number(rate),
                Alpha = Option("alpha")?.GetDouble() ?? 0.99,
                Epsilon = Option("eps")?.GetDouble() ?? 1e-8,
                Momentum = Option("momentum")?.GetDouble() ?? 0,
                WeightDecay = Option("weight_decay")?.GetDouble() ?? 0,
            },
            string other => throw new AssertFailedException($"The optimizer {other} is not known."),
        };
        return new TrainingSettings
        {
            ModelT = c.GetProperty("model_t").GetInt32(),
            CoeffT = c.GetProperty("coeff_t").GetInt32(),
            Losses = new LossWeights { L2 = Number("lambda_l2"), Lpips = Number("lambda_lpips"), Adversarial = Number("lambda_gan") },
            GeneratorOptimizer = Optimizer("lr_G"),
            DiscriminatorOptimizer = Optimizer("lr_D"),
            MaxGradientNorm = Number("max_grad_norm"),
            Accumulation = c.GetProperty("gradient_accumulation_steps").GetInt32(),
            EmaDecay = c.GetProperty("use_ema").GetBoolean() ? Number("ema_decay") : null,
            Checkpointing = c.GetProperty("gradient_checkpointing").GetBoolean(),
        };

        string Text(string key) => c.GetProperty(key).GetString()!;
        double Number(string key) => c.GetProperty(key).GetDouble();
        JsonElement? Option(string key) => c.GetProperty("opt_kwargs").TryGetProperty(key, out JsonElement value) ? value : null;
    }

    private Lpips Metric()
    {
        using SeededVgg seeded = SeededVgg.From(_batches);
        using var metric = new GoldenCase(Goldens.Require("training", "lpips.safetensors"));
        Vgg16Features features = Keep(seeded.Build(_wide));
        return Keep(
            new Lpips(
                features,
                Weights(new GoldenWeights(metric, "param.", name => name.Replace(".model.1.weight", "", StringComparison.Ordinal)), _wide))
        );
    }

    private static WeightScope Weights(WeightSource source, ScalarType type) => new(new CastWeights(source, type, CPU));

    private static Dictionary<string, long[]> Shapes(GoldenCase golden, string prefix) =>
        golden.Names(prefix).ToDictionary(name => name[prefix.Length..], name => golden.Source.Tensors[name].Shape.ToArray());

    private T Keep<T>(T item)
        where T : IDisposable
    {
        _owned.Add(item);
        return item;
    }
}
