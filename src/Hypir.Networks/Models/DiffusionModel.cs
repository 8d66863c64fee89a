using Hypir.Networks.Checkpoints;
using Hypir.Networks.Lora;
using Hypir.Networks.Models;
using Hypir.Networks.Text;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks;

/// <summary>
/// A loaded model: the networks of one folder, ready to compute. It keeps its weight files open, whose memory the networks may share, and belongs to
/// one thread.
/// </summary>
public sealed class DiffusionModel : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly ScalarType _type;
    private readonly Device _device;

    private DiffusionModel(ModelFolder folder, LoadSettings settings, CancellationToken cancellation)
    {
        (_type, _device) = (settings.UNetType, settings.Device);
        Scheduler = new DdpmScheduler(folder.Scheduler);
        try
        {
            ModelWeights files = Own(new ModelWeights(folder));
            Vae = Own(Load(ModelPart.Vae, settings.VaeType, null, w => new AutoencoderKL(folder.Vae, w)));
            UNet = Own(Load(ModelPart.UNet, settings.UNetType, settings.LoraPath, w => new UNet2DConditionModel(folder.UNet, w)));
            if (folder.TextEncoder is { } text)
            {
                TextEncoder = Own(Load(ModelPart.TextEncoder, settings.UNetType, null, w => new CLIPTextModel(text, w)));
                Tokenizer = folder.TokenizerFolder is { } path ? ClipTokenizer.Load(path) : ClipTokenizer.StableDiffusion2();
            }

            T Load<T>(ModelPart part, ScalarType type, string? loraPath, Func<WeightScope, T> build)
                where T : nn.Module
            {
                cancellation.ThrowIfCancellationRequested();
                IReadOnlyDictionary<string, long[]> shapes = ShapeRecorder.Record(build);
                ITensorSource source = files.Open(part);
                KeyCheck.Require(source, shapes);
                WeightSource weights = new CheckpointWeights(source);
                LoraWeights? lora = loraPath is null ? null : LoraWeights.Check(Own(CheckpointFile.Open(loraPath)), shapes);
                if (lora is not null && !settings.Unmerged)
                    weights = new LoraMergedWeights(weights, lora, type == ScalarType.Float64 ? type : ScalarType.Float32);
                T network = build(new WeightScope(new CancellableWeights(new CastWeights(weights, type, settings.Device), cancellation)));
                if (lora is not null && settings.Unmerged)
                    LoraAttachment.Attach(network, lora, type, settings.Device);
                network.eval();
                return network;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Pictures to latents and back.</summary>
    public AutoencoderKL Vae { get; }

    /// <summary>The denoising network.</summary>
    public UNet2DConditionModel UNet { get; }

    /// <summary>The text encoder, or null for a model without one.</summary>
    public CLIPTextModel? TextEncoder { get; }

    /// <summary>The text encoder's tokenizer, or null for a model without one.</summary>
    public ClipTokenizer? Tokenizer { get; }

    /// <summary>The noise schedule.</summary>
    public DdpmScheduler Scheduler { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="folder">What to load.</param>
    /// <param name="settings">Types, device, LoRA weights.</param>
    /// <param name="cancellation">Checked before each tensor.</param>
    /// <exception cref="ModelException">Weights are missing or do not fit the configuration.</exception>
    /// <exception cref="CheckpointException">A file is damaged.</exception>
    /// <exception cref="OperationCanceledException">Loading was cancelled; nothing stays loaded.</exception>
    public static DiffusionModel Load(ModelFolder folder, LoadSettings settings, CancellationToken cancellation = default)
    {
        // Whatever fails on the way, the tensors made so far go with this scope.
        using var scope = NewDisposeScope();
        var model = new DiffusionModel(folder, settings, cancellation);
        foreach (nn.Module network in model._owned.OfType<nn.Module>())
        {
            foreach (Tensor parameter in network.parameters())
                parameter.DetachFromDisposeScope();
        }

        return model;
    }

    /// <summary>The embedding of a text, for the UNet.</summary>
    /// <param name="prompt">The text; must be empty for a model without text encoder.</param>
    /// <param name="batch">Number of equal rows.</param>
    /// <returns>(batch, tokens, cross-attention width), owned by the caller; zeros of one token where the model has no text encoder.</returns>
    /// <exception cref="ModelException">A prompt was given to a model without text encoder.</exception>
    public Tensor EncodePrompt(string prompt, int batch = 1)
    {
        using var scope = NewDisposeScope();
        if (TextEncoder is null || Tokenizer is null)
        {
            return prompt.Length == 0
                ? zeros([batch, 1, UNet.Config.CrossAttentionDim], _type, _device).MoveToOuterDisposeScope()
                : throw new ModelException("This model has no text encoder: it cannot use a prompt.", "Leave the prompt out, or choose a model with a text encoder.");
        }

        Tensor ids = tensor(Tokenizer.Encode(prompt), ScalarType.Int64, _device).unsqueeze(0);
        return TextEncoder.call(ids).expand(batch, -1, -1).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the networks and closes the files.</summary>
    public void Dispose()
    {
        for (int i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
        _owned.Clear();
    }

    private T Own<T>(T item)
        where T : IDisposable
    {
        _owned.Add(item);
        return item;
    }
}
