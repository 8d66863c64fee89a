using System.Text.Json;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Checkpoints.SingleFile;
using Hypir.Networks.Scheduling;
using Hypir.Networks.Text;
using Hypir.Planning.Configs;
using IOPath = System.IO.Path;

namespace Hypir.Networks.Models;

/// <summary>
/// A model on disk, in diffusers' layout or as one file in the original layout: its configuration, read without loading any weights.
/// </summary>
/// <remarks>
/// A single file has no configuration: it is detected from the weights' shapes, with Stable Diffusion 2.1-base's schedule and tokenizer. If
/// that is wrong, a folder beside the file, named like the file without its extension, may hold any of diffusers' configuration files
/// (<c>unet/config.json</c>, <c>scheduler/scheduler_config.json</c>, <c>tokenizer/</c> …), which then replace the detected ones.
/// </remarks>
public sealed class ModelFolder
{
    /// <summary>Names of the networks' folders in diffusers' layout.</summary>
    internal static readonly IReadOnlyDictionary<ModelPart, string> Names = new Dictionary<ModelPart, string>
    {
        [ModelPart.UNet] = "unet",
        [ModelPart.Vae] = "vae",
        [ModelPart.TextEncoder] = "text_encoder",
    };

    private readonly Dictionary<ModelPart, JsonElement> _json;

    private ModelFolder(string path, bool singleFile, string configFolder, Dictionary<ModelPart, JsonElement> json, JsonElement scheduler)
    {
        (Path, IsSingleFile, _json) = (path, singleFile, json);
        UNet = UNetConfig.Parse(json[ModelPart.UNet], Named(ModelPart.UNet));
        Vae = VaeConfig.Parse(json[ModelPart.Vae], Named(ModelPart.Vae));
        TextEncoder = json.TryGetValue(ModelPart.TextEncoder, out JsonElement text)
            ? TextEncoderConfig.Parse(text, Named(ModelPart.TextEncoder))
            : null;
        Scheduler = SchedulerConfig.Parse(scheduler, IOPath.Combine(configFolder, "scheduler", "scheduler_config.json"));
        string tokenizer = IOPath.Combine(configFolder, "tokenizer");
        TokenizerFolder = !singleFile || Directory.Exists(tokenizer) ? tokenizer : null;
        RequireFit();

        string Named(ModelPart part) => IOPath.Combine(configFolder, Names[part], "config.json");
    }

    /// <summary>The folder or file.</summary>
    public string Path { get; }

    /// <summary>Whether the model is one file in the original layout.</summary>
    public bool IsSingleFile { get; }

    /// <summary>Configuration of the UNet.</summary>
    public UNetConfig UNet { get; }

    /// <summary>Configuration of the VAE.</summary>
    public VaeConfig Vae { get; }

    /// <summary>Configuration of the text encoder, or null for a model without one.</summary>
    public TextEncoderConfig? TextEncoder { get; }

    /// <summary>Configuration of the noise schedule.</summary>
    public SchedulerConfig Scheduler { get; }

    /// <summary>The tokenizer's folder, or null for Stable Diffusion 2's tokenizer.</summary>
    public string? TokenizerFolder { get; }

    /// <summary>Reads a model's configuration.</summary>
    /// <param name="path">The model's folder or file.</param>
    /// <exception cref="ModelException">It is not a model, lacks a part, or its parts do not fit together.</exception>
    /// <exception cref="CheckpointException">A single file is damaged.</exception>
    public static ModelFolder Open(string path)
    {
        if (File.Exists(path))
            return OpenFile(path);
        if (!Directory.Exists(path))
            throw new ModelException(
                $"{path}: there is no such model.",
                "Name a folder in diffusers' layout (unet/, vae/, scheduler/ …) or a single-file checkpoint.");
        var json = Names
            .Where(name => name.Key != ModelPart.TextEncoder || Directory.Exists(IOPath.Combine(path, name.Value)))
            .ToDictionary(name => name.Key, name => ConfigReader.ReadFile(IOPath.Combine(path, name.Value, "config.json")));
        return new ModelFolder(path, false, path, json, ConfigReader.ReadFile(IOPath.Combine(path, "scheduler", "scheduler_config.json")));
    }

    /// <summary>Reads the tokenizer of the text encoder.</summary>
    /// <exception cref="ModelException">Its files are missing or damaged.</exception>
    public ClipTokenizer OpenTokenizer() =>
        TokenizerFolder is { } folder ? ClipTokenizer.Load(folder) : ClipTokenizer.StableDiffusion2();

    /// <summary>The configuration of one network in diffusers' form.</summary>
    internal JsonElement Json(ModelPart part) => _json[part];

    private static ModelFolder OpenFile(string path)
    {
        string beside = IOPath.Combine(IOPath.GetDirectoryName(path) ?? "", IOPath.GetFileNameWithoutExtension(path));
        using SingleFileCheckpoint file = SingleFileCheckpoint.Open(path);
        var json = Names.ToDictionary(name => name.Key, name => Beside(() => file.DetectConfig(name.Key), name.Value, "config.json"));
        return new ModelFolder(path, true, beside, json, Beside(LdmConfigs.Scheduler, "scheduler", "scheduler_config.json"));

        JsonElement Beside(Func<JsonElement> detect, params string[] parts)
        {
            string config = IOPath.Combine([beside, .. parts]);
            return File.Exists(config) ? ConfigReader.ReadFile(config) : detect();
        }
    }

    private void RequireFit()
    {
        const string Mixed = "The parts belong to different models";
        if (Vae.LatentChannels != UNet.InChannels || UNet.InChannels != UNet.OutChannels)
        {
            throw new ModelException(
                $"{Path}: the VAE's latent has {Vae.LatentChannels} channels, the UNet takes {UNet.InChannels} and gives "
                    + $"{UNet.OutChannels}.",
                $"{Mixed}, or the model is not for restoration (an inpainting UNet takes 9 channels)."
            );
        }

        if (TextEncoder is not null && TextEncoder.HiddenSize != UNet.CrossAttentionDim)
            throw new ModelException(
                $"{Path}: the text encoder is {TextEncoder.HiddenSize} wide, the UNet expects {UNet.CrossAttentionDim}.", $"{Mixed}.");
    }
}

/// <summary>The open weight files of a model, in a folder or in one file.</summary>
internal sealed class ModelWeights(ModelFolder model) : IDisposable
{
    private readonly List<IDisposable> _open = [];
    private readonly Dictionary<ModelPart, ITensorSource> _parts = [];
    private SingleFileCheckpoint? _single;

    /// <summary>The weights of one network, valid until this object is disposed.</summary>
    public ITensorSource Open(ModelPart part)
    {
        if (_parts.TryGetValue(part, out ITensorSource? open))
            return open;
        if (model.IsSingleFile)
            _single ??= Keep(SingleFileCheckpoint.Open(model.Path));
        return _parts[part] = Keep(
            _single?.Open(part, model.Json(part)) ?? CheckpointFolder.Open(Path.Combine(model.Path, ModelFolder.Names[part])));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = _open.Count - 1; i >= 0; i--)
            _open[i].Dispose();
        _open.Clear();
    }

    private T Keep<T>(T item)
        where T : IDisposable
    {
        _open.Add(item);
        return item;
    }
}
