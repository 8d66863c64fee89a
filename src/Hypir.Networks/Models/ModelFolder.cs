using System.Text.Json;
using Hypir.Networks.Models;
using IOPath = System.IO.Path;

namespace Hypir.Networks;

/// <summary>
/// A model on disk in diffusers' layout: what its configuration files say, read without loading any weights and without torch.
/// </summary>
public sealed class ModelFolder
{
    private ModelFolder(string path, UNetConfig unet, VaeConfig vae, TextEncoderConfig? textEncoder, SchedulerConfig scheduler) =>
        (Path, UNet, Vae, TextEncoder, Scheduler) = (path, unet, vae, textEncoder, scheduler);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Configuration of the UNet.</summary>
    public UNetConfig UNet { get; }

    /// <summary>Configuration of the VAE.</summary>
    public VaeConfig Vae { get; }

    /// <summary>Configuration of the text encoder, or null for a model without one.</summary>
    public TextEncoderConfig? TextEncoder { get; }

    /// <summary>Configuration of the noise schedule.</summary>
    public SchedulerConfig Scheduler { get; }

    /// <summary>Reads a model's configuration.</summary>
    /// <param name="path">The model's folder.</param>
    /// <exception cref="ModelException">It is no model, lacks a part, or its parts do not fit together.</exception>
    public static ModelFolder Open(string path)
    {
        if (!Directory.Exists(path))
            throw new ModelException($"{path}: there is no such model folder.", "Name a folder in diffusers' layout: unet/, vae/, scheduler/ …");
        UNetConfig unet = UNetConfig.Parse(Read("unet", "config.json"), In("unet", "config.json"));
        VaeConfig vae = VaeConfig.Parse(Read("vae", "config.json"), In("vae", "config.json"));
        SchedulerConfig scheduler = SchedulerConfig.Parse(Read("scheduler", "scheduler_config.json"), In("scheduler", "scheduler_config.json"));
        TextEncoderConfig? text = Directory.Exists(In("text_encoder"))
            ? TextEncoderConfig.Parse(Read("text_encoder", "config.json"), In("text_encoder", "config.json"))
            : null;
        if (vae.LatentChannels != unet.InChannels || unet.InChannels != unet.OutChannels)
        {
            throw new ModelException($"{path}: the VAE's latent has {vae.LatentChannels} channels, the UNet takes {unet.InChannels} and gives {unet.OutChannels}.",
                "The parts belong to different models, or the model is not for restoration (an inpainting UNet takes 9 channels).");
        }

        if (text is not null && text.HiddenSize != unet.CrossAttentionDim)
        {
            throw new ModelException($"{path}: the text encoder is {text.HiddenSize} wide, the UNet expects {unet.CrossAttentionDim}.",
                "The parts belong to different models.");
        }

        return new ModelFolder(path, unet, vae, text, scheduler);

        string In(params string[] parts) => IOPath.Combine([path, .. parts]);

        JsonElement Read(params string[] parts) => ConfigReader.ReadFile(In(parts));
    }
}
