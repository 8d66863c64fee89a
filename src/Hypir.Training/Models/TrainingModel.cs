using Hypir.Networks;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Discriminator;
using Hypir.Networks.Lora;
using Hypir.Networks.Models;
using Hypir.Networks.Scheduling;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Training.Config;
using Hypir.Training.Data.Pairs;
using Hypir.Training.Loop;
using Hypir.Training.RunFolders;
using static TorchSharp.torch;

namespace Hypir.Training.Models;

/// <summary>The networks of a run according to its configuration, which it owns.</summary>
internal sealed class TrainingModel : ITrainingModel
{
    // Draws from the run's seed for different purposes must be different.
    private const int LoraDraw = 1, DecoderDraw = 2, NetworkDraw = 3;

    // Up to this many captions, all embeddings are kept in host memory (0.6 GB with Stable Diffusion 2.1) and the text encoder is freed.
    private const int MostKeptEmbeddings = 4096;

    private readonly List<IDisposable> _owned = [];
    private readonly Dictionary<string, Tensor> _embeddings = new(StringComparer.Ordinal);
    private readonly Device _device;
    private readonly ScalarType _type;
    private readonly bool _adapters;
    private DiffusionModel? _base;

    private TrainingModel(TrainSettings settings, WeightSources sources, Device device, Action<string> note, CancellationToken cancellation)
    {
        (_device, _type) = (device, settings.MixedPrecision == MixedPrecision.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32);
        Folder = ModelFolder.Open(settings.BaseModelPath!);
        _adapters = settings.Kind == TrainKind.Lora;
        try
        {
            (UNet2DConditionModel unet, AutoencoderKL vae) =
                _adapters ? Adapted(settings, note, cancellation) : Fresh(settings);
            cancellation.ThrowIfCancellationRequested();
            var discriminator = settings.LambdaGan > 0 ? Discriminator(settings, sources) : null;
            cancellation.ThrowIfCancellationRequested();
            Networks = new(
                unet, vae, new DdpmScheduler(Folder.Scheduler), discriminator,
                settings.LambdaLpips > 0 ? Keep(LoadedLpips.Load(sources, settings.LpipsVgg, settings.LpipsLins, device)).Metric : null);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The networks.</summary>
    public DiffusionNetworks Networks { get; }

    /// <inheritdoc/>
    TrainingNetworks ITrainingModel.Networks => Networks;

    /// <summary>The model's folder.</summary>
    public ModelFolder Folder { get; }

    /// <summary>Loads the networks of a configuration.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="sources">Finds weights that it does not name.</param>
    /// <param name="device">The device of the networks.</param>
    /// <param name="note">Receives notes for the user.</param>
    /// <param name="cancellation">Checked between networks.</param>
    /// <exception cref="HypirException">A model or weights are missing or unusable.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing stays loaded.</exception>
    public static TrainingModel Load(
        TrainSettings settings, WeightSources sources, Device device, Action<string> note, CancellationToken cancellation)
    {
        // If loading fails, this scope frees the tensors created so far.
        using var scope = NewDisposeScope();
        var model = new TrainingModel(settings, sources, device, note, cancellation);
        ModuleLifetime.Outlive(model._owned);
        return model;
    }

    /// <summary>The shape of images' latents.</summary>
    /// <param name="images">(B, 3, H, W).</param>
    public long[] LatentShape(long[] images) =>
        [images[0], Folder.Vae.LatentChannels, images[2] / Folder.Vae.Factor, images[3] / Folder.Vae.Factor];

    /// <summary>Embeds all captions of a run, if they are few enough, and frees the text encoder.</summary>
    /// <param name="prompts">The captions; "" is always among them.</param>
    public void KeepEmbeddings(IEnumerable<string> prompts)
    {
        string[] distinct = [.. prompts.Append("").Distinct().Take(MostKeptEmbeddings + 1)];
        if (_base?.TextEncoder is null || distinct.Length > MostKeptEmbeddings)
            return;
        using var scope = NewDisposeScope();
        foreach (string prompt in distinct)
            _embeddings.TryAdd(prompt, Encode(prompt).cpu().DetachFromDisposeScope());
        _base.ReleaseTextEncoder();
    }

    /// <summary>The embeddings of captions.</summary>
    /// <param name="prompts">The captions; ignored by a model without a text encoder.</param>
    /// <returns>(B, tokens, width), owned by the caller.</returns>
    public Tensor EncodePrompts(IReadOnlyList<string> prompts)
    {
        using var scope = NewDisposeScope();
        return cat(prompts.Select(Embedding).ToArray()).to(_device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public PreparedBatch Prepare(PairBatch pairs, long seed, Device device)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        using var text = EncodePrompts(pairs.Prompts);
        Tensor gt = pairs.Gt(device), lq = pairs.Lq(device);
        var noise = randn(LatentShape(lq.shape), ScalarType.Float32, generator: generator).to(device);
        return PreparedBatch.Make(Networks, gt, lq, text, noise, ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public string WriteFinished(RunFolder folder, Trainer trainer) => FinishedWeights.Write(folder, trainer, Folder, _adapters);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var embedding in _embeddings.Values)
            embedding.Dispose();
        _embeddings.Clear();
        for (int i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
        _owned.Clear();
    }

    private Tensor Embedding(string prompt) =>
        _embeddings.TryGetValue(Folder.TextEncoder is null ? "" : prompt, out var known) ? known : Encode(prompt);

    private Tensor Encode(string text)
    {
        using var noGradient = no_grad();
        return _base is { TextEncoder: not null } model
            ? model.EncodePrompt(text)
            : zeros([1, 1, Folder.UNet.CrossAttentionDim], _type, _device);
    }

    /// <summary>Frozen networks, with trainable adapters in float32.</summary>
    private (UNet2DConditionModel UNet, AutoencoderKL Vae) Adapted(
        TrainSettings settings, Action<string> note, CancellationToken cancellation)
    {
        _base = Keep(DiffusionModel.Load(Folder, new LoadSettings { UNetType = _type, VaeType = _type, Device = _device }, cancellation));
        var shapes = ShapeRecorder.Record(w => new UNet2DConditionModel(Folder.UNet, w));
        long seed = Seed(settings, LoraDraw);
        if (settings.LoraInit is { } path)
        {
            using var file = CheckpointFile.Open(path);
            using var lora = new TruncatedLora(LoraWeights.Check(file, shapes), settings.LoraRank, seed);
            LoraAttachment.Attach(_base.UNet, lora, ScalarType.Float32, _device, trainable: true);
            note(lora.RelativeError > 0
                ? $"The adapters of {path} were cut to rank {settings.LoraRank}; the relative error is {lora.RelativeError:P2}."
                : $"Training starts from the adapters of {path}.");
        }
        else
        {
            using var lora = new GaussianLora(shapes, settings.LoraRank, seed);
            LoraAttachment.Attach(_base.UNet, lora, ScalarType.Float32, _device, trainable: true);
        }
        // The adapters were created after the model and are not owned by it.
        ModuleLifetime.Outlive([_base.UNet]);
        return (_base.UNet, _base.Vae);
    }

    /// <summary>New networks, trainable throughout.</summary>
    private (UNet2DConditionModel UNet, AutoencoderKL Vae) Fresh(TrainSettings settings)
    {
        if (Folder.TextEncoder is not null)
            throw new TrainingException(
                $"{Folder.Path} has a text encoder, which is not trained here.", "Give a folder without text_encoder/, or train: lora.");
        using var weights = new FreshWeights(Seed(settings, NetworkDraw), ScalarType.Float32, _device);
        bool identity = settings.InitialWeights == InitialWeights.Identity;
        var unet = Keep(
            new UNet2DConditionModel(Folder.UNet, new WeightScope(identity ? new IdentityUNetWeights(weights, Folder.UNet) : weights)));
        var vae = Keep(
            new AutoencoderKL(
                Folder.Vae, new WeightScope(identity ? new IdentityVaeWeights(weights, Folder.Vae, IdentityGain(settings)) : weights))
        );
        foreach (var parameter in unet.parameters().Concat(vae.parameters()))
            parameter.requires_grad = true;
        return (unet, vae);
    }

    /// <summary>The schedule's result for a latent of 1 if the UNet predicts 0.</summary>
    private double IdentityGain(TrainSettings settings)
    {
        using var scope = NewDisposeScope();
        return new DdpmScheduler(Folder.Scheduler).PredictOriginal(zeros(1), ones(1), settings.CoeffT).item<float>();
    }

    private ImageDiscriminator Discriminator(TrainSettings settings, WeightSources sources)
    {
        var source = Keep(sources.OpenTower(settings.DiscriminatorTower));
        var config = ConvNextConfig.Detect(source.Shapes());
        KeyCheck.Require(source, ShapeRecorder.Record(w => new ConvNextTower(config, w)), ignore: _ => true);
        // The reference's tower is always in bfloat16; on a CPU that would only be slow.
        var type =
            _device.type == TorchSharp.DeviceType.CPU && settings.MixedPrecision == MixedPrecision.No
                ? ScalarType.Float32
                : ScalarType.BFloat16;
        var tower = Keep(new ConvNextTower(config, new WeightScope(new CastWeights(new CheckpointWeights(source), type, _device))));
        return new(tower, Keep(Decoder(settings, config)));
    }

    private MultiLevelDecoder Decoder(TrainSettings settings, ConvNextConfig tower)
    {
        if (settings.DiscriminatorDecoder is { } path)
        {
            using var file = CheckpointFile.Open(path);
            var config = DecoderConfig.For(tower, Channels(file));
            KeyCheck.Require(file, ShapeRecorder.Record(w => new MultiLevelDecoder(config, w)));
            return new(
                config, new WeightScope(new CastWeights(new CopiedWeights(new CheckpointWeights(file)), ScalarType.Float32, _device)));
        }
        using var drawn = new DecoderInitialWeights(Seed(settings, DecoderDraw), ScalarType.Float32, _device);
        return new(DecoderConfig.For(tower, settings.DiscriminatorChannels), new WeightScope(drawn));
    }

    private static long Channels(ITensorSource decoder) =>
        decoder.Tensors.TryGetValue("decoder.0.1.bias", out var bias) ? bias.Shape[0] : 0;

    private static long Seed(TrainSettings settings, int draw) => unchecked(settings.Data.Seed * 8 + draw) & long.MaxValue;

    private T Keep<T>(T item)
        where T : IDisposable
    {
        _owned.Add(item);
        return item;
    }
}
