using Hypir.Networks.Checkpoints;
using Hypir.Networks.Lora;
using Hypir.Networks.Scheduling;
using Hypir.Networks.Text;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Models;

/// <summary>
/// A loaded model: the networks of one folder, ready to compute. It keeps its weight files open, whose memory the networks may share, and
/// belongs to one thread.
/// </summary>
public sealed class DiffusionModel : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly List<IDisposable> _ownedByUNet = [];
    private readonly ModelFolder _folder;
    private readonly LoadSettings _settings;
    private readonly ModelWeights _files;

    private DiffusionModel(ModelFolder folder, LoadSettings settings, CancellationToken cancellation)
    {
        (_folder, _settings) = (folder, settings);
        Scheduler = new DdpmScheduler(folder.Scheduler);
        try
        {
            _files = Keep(new ModelWeights(folder), _owned);
            Vae = Read(ModelPart.Vae, settings.VaeType, null, _owned, w => new AutoencoderKL(folder.Vae, w), cancellation);
            UNet = ReadUNet(settings.LoraPath, cancellation);
            if (folder.TextEncoder is { } text)
            {
                TextEncoder = Read(ModelPart.TextEncoder, settings.UNetType, null, _owned, w => new CLIPTextModel(text, w), cancellation);
                Tokenizer = folder.OpenTokenizer();
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Converts images to latents and back.</summary>
    public AutoencoderKL Vae { get; }

    /// <summary>The denoising network; <see cref="SwitchLora"/> replaces this object.</summary>
    public UNet2DConditionModel UNet { get; private set; }

    /// <summary>The text encoder, or null for a model without one and after <see cref="ReleaseTextEncoder"/>.</summary>
    public CLIPTextModel? TextEncoder { get; private set; }

    /// <summary>The text encoder's tokenizer, or null for a model without one.</summary>
    public ClipTokenizer? Tokenizer { get; }

    /// <summary>The noise schedule.</summary>
    public DdpmScheduler Scheduler { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="folder">The model to load.</param>
    /// <param name="settings">Types, device, LoRA weights.</param>
    /// <param name="cancellation">Checked before each tensor.</param>
    /// <exception cref="ModelException">Weights are missing or do not fit the configuration.</exception>
    /// <exception cref="CheckpointException">A file is damaged.</exception>
    /// <exception cref="OperationCanceledException">Loading was cancelled; nothing stays loaded.</exception>
    public static DiffusionModel Load(ModelFolder folder, LoadSettings settings, CancellationToken cancellation = default)
    {
        // On any failure, the tensors created so far are disposed with this scope.
        using var scope = NewDisposeScope();
        var model = new DiffusionModel(folder, settings, cancellation);
        ModuleLifetime.Outlive(model._owned.Concat(model._ownedByUNet));
        return model;
    }

    /// <summary>
    /// Replaces the merged LoRA weights. The other networks are unchanged; the UNet's weights are read again from the base files, which
    /// stay open and mapped, so that the result is identical to loading the model with the new LoRA.</summary>
    /// <param name="loraPath">A file of LoRA weights, or null for the base alone.</param>
    /// <param name="cancellation">Checked before each tensor.</param>
    /// <exception cref="HypirException">The LoRA is damaged or for another model. The model then has no UNet, as after a cancellation:
    /// dispose it.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public void SwitchLora(string? loraPath, CancellationToken cancellation = default)
    {
        Free(_ownedByUNet);
        using var scope = NewDisposeScope();
        UNet = ReadUNet(loraPath, cancellation);
        ModuleLifetime.Outlive(_ownedByUNet);
    }

    /// <summary>Computes the embedding of a text for the UNet.</summary>
    /// <param name="prompt">The text; must be empty for a model without a text encoder.</param>
    /// <param name="batch">Number of equal rows.</param>
    /// <returns>(batch, tokens, cross-attention width), owned by the caller; zeros of one token if the model has no text encoder.</returns>
    /// <exception cref="ModelException">The model has no text encoder, but the prompt is not empty.</exception>
    public Tensor EncodePrompt(string prompt, int batch = 1)
    {
        using var scope = NewDisposeScope();
        if (TextEncoder is null || Tokenizer is null)
        {
            return prompt.Length == 0
                ? zeros([batch, 1, UNet.Config.CrossAttentionDim], _settings.UNetType, _settings.Device).MoveToOuterDisposeScope()
                : throw new ModelException(
                    "This model has no text encoder: it cannot use a prompt.",
                    "Leave the prompt out, or choose a model with a text encoder.");
        }

        Tensor ids = tensor(Tokenizer.Encode(prompt), ScalarType.Int64, _settings.Device).unsqueeze(0);
        return TextEncoder.call(ids).expand(batch, -1, -1).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the text encoder once all required prompts are embedded.</summary>
    public void ReleaseTextEncoder()
    {
        if (TextEncoder is null)
            return;
        _owned.Remove(TextEncoder);
        TextEncoder.Dispose();
        TextEncoder = null;
    }

    /// <summary>Frees the networks and closes the files.</summary>
    public void Dispose()
    {
        Free(_ownedByUNet);
        Free(_owned);
    }

    private UNet2DConditionModel ReadUNet(string? loraPath, CancellationToken cancellation) =>
        Read(ModelPart.UNet, _settings.UNetType, loraPath, _ownedByUNet, w => new UNet2DConditionModel(_folder.UNet, w), cancellation);

    private T Read<T>(
        ModelPart part, ScalarType type, string? loraPath, List<IDisposable> owner, Func<WeightScope, T> build,
        CancellationToken cancellation)
        where T : nn.Module
    {
        cancellation.ThrowIfCancellationRequested();
        IReadOnlyDictionary<string, long[]> shapes = ShapeRecorder.Record(build);
        ITensorSource source = _files.Open(part);
        KeyCheck.Require(source, shapes);
        WeightSource weights = new CheckpointWeights(source);
        LoraWeights? lora = loraPath is null ? null : LoraWeights.Check(Keep(CheckpointFile.Open(loraPath), owner), shapes);
        if (lora is not null && !_settings.Unmerged)
            weights = new LoraMergedWeights(weights, lora, type == ScalarType.Float64 ? type : ScalarType.Float32);
        T network = Keep(
            build(new WeightScope(new CancellableWeights(new CastWeights(weights, type, _settings.Device), cancellation))), owner);
        if (lora is not null && _settings.Unmerged)
            LoraAttachment.Attach(network, lora, type, _settings.Device);
        network.eval();
        return network;
    }

    private static void Free(List<IDisposable> owned)
    {
        for (int i = owned.Count - 1; i >= 0; i--)
            owned[i].Dispose();
        owned.Clear();
    }

    private static T Keep<T>(T item, List<IDisposable> owner)
        where T : IDisposable
    {
        owner.Add(item);
        return item;
    }
}

/// <summary>How to load a model.</summary>
public sealed record LoadSettings
{
    /// <summary>The type of the UNet and the text encoder.</summary>
    public ScalarType UNetType { get; init; } = ScalarType.Float32;

    /// <summary>The type of the VAE.</summary>
    public ScalarType VaeType { get; init; } = ScalarType.Float32;

    /// <summary>The device of the networks.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>A file of LoRA weights (.pth or .safetensors), or null.</summary>
    public string? LoraPath { get; init; }

    /// <summary>Whether adapters stay separate from the base weights instead of being merged into them.</summary>
    public bool Unmerged { get; init; }
}
