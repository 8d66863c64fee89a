using System.Globalization;
using System.Text.Json;
using Hypir.Core.Files;
using Hypir.Models.Manifests;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Checkpoints.SingleFile;
using Hypir.Networks.Lora;
using Hypir.Networks.Models;
using Hypir.Networks.Scheduling;
using Hypir.Networks.SinglePass;

namespace Hypir.Models.Detection;

/// <summary>
/// Identifies a folder or a file of weights. Only configurations and headers are read, however large the weights are. Unusable weights are
/// identified and refused here, instead of failing later.
/// </summary>
public static class ModelDetector
{
    private const string TakeBase = "Use Stable Diffusion 2.1-base (`hypir models pull sd2.1-base`), or a model of the same kind.";

    // Width of the text conditioning by family; shapes reveal no more about the version.
    private const long Sd1Width = 768, Sd2Width = 1024, RefinerWidth = 1280, SdxlWidth = 2048;

    /// <summary>Identifies what is at a path.</summary>
    /// <param name="path">A model's folder in diffusers' layout, or a file.</param>
    /// <exception cref="StoreException">It is something unusable; the message names it.</exception>
    /// <exception cref="ModelException">It is a model that lacks a part, or does not exist.</exception>
    /// <exception cref="CheckpointException">A file is damaged, or is not a weights file.</exception>
    public static DetectedModel Detect(string path) => Directory.Exists(path) ? DetectFolder(path) : DetectFile(path);

    private static DetectedModel DetectFolder(string path)
    {
        foreach (string file in (string[])["model_index.json", "unet/config.json", "transformer/config.json", "config.json"])
        {
            if (
                ClassName(Path.Combine(path, file)) is { } name
                && KnownWeights.Classes.FirstOrDefault(known => name.Contains(known.Part, StringComparison.Ordinal)) is { Name: { } known }
            )
                throw Refuse(path, known);
        }

        if (!File.Exists(Path.Combine(path, "unet", "config.json")))
            throw new StoreException(
                $"{path}: this folder holds no model in diffusers' layout (unet/config.json).",
                "Name the folder that holds unet, vae and scheduler; or the weights' file itself.");
        string unet = Path.Combine(path, "unet", "config.json");
        // Additional inputs are concatenated to the latent: a UNet with equal input and output channels has none, for any latent size.
        long? channels = Number(unet, "in_channels");
        if (channels != Number(unet, "out_channels"))
            RefuseInputs(path, channels);
        var model = ModelFolder.Open(path);
        foreach (string part in (string[])["unet", "vae", .. model.TextEncoder is null ? (string[])[] : ["text_encoder"]])
            CheckpointFolder.Open(Path.Combine(path, part)).Dispose();
        return Describe(path, model, Family(path, model.UNet.CrossAttentionDim, model.UNet.BlockOutChannels));
    }

    private static DetectedModel DetectFile(string path)
    {
        using var file = CheckpointFile.Open(path);
        var tensors = file.Tensors;
        if (tensors.Keys.Any(key => key.EndsWith(LoraShapes.DownSuffix, StringComparison.Ordinal)))
            return DescribeLora(path, tensors);
        if (SinglePassFile.IsMeant(path))
            return DescribeSinglePass(path);
        if (KnownWeights.Training.FirstOrDefault(known => tensors.ContainsKey(known.Key)) is { Title: { } title })
            return new DetectedModel(EntryKind.Training, title, []);
        if (
            KnownWeights.Keys.FirstOrDefault(known => tensors.Keys.Any(key => key.StartsWith(known.Prefix, StringComparison.Ordinal))) is
            { Name: { } known }
        )
            throw Refuse(path, known);
        if (!LdmLayout.Recognises(tensors))
        {
            throw new StoreException(
                $"{path}: these {tensors.Count} tensors do not belong to a known model "
                + $"(the first is \"{Quote(tensors.Keys.Order(StringComparer.Ordinal).FirstOrDefault() ?? "")}\").",
                $"Models are folders in diffusers' layout, single files in the original layout, and HYPIR's LoRA weights. {TakeBase}"
            );
        }

        RefuseInputs(path, tensors["model.diffusion_model.input_blocks.0.0.weight"].Shape is { Count: 4 } shape ? shape[1] : null);
        var model = ModelFolder.Open(path);
        var described = Describe(path, model, Family(path, model.UNet.CrossAttentionDim, model.UNet.BlockOutChannels));
        string beside = Path.Combine(
            Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileNameWithoutExtension(path), "scheduler", "scheduler_config.json");
        return File.Exists(beside)
            ? described
            : described with
            {
                Title = $"{Family(path, model.UNet.CrossAttentionDim, model.UNet.BlockOutChannels)}, single file",
                Notes =
                [
                    $"A single file does not say whether it predicts epsilon (2.1-base) or v (2.1, 768 pixels); epsilon is assumed. For "
                        + $"v put a scheduler_config.json at {beside}.",
                    .. described.Notes,
                ],
            };
    }

    private static DetectedModel DescribeSinglePass(string path)
    {
        using SinglePassFile network = SinglePassFile.Open(path);
        return new DetectedModel(EntryKind.Base, network.Outline.Title, []) { IsSinglePass = true };
    }

    private static DetectedModel DescribeLora(string path, IReadOnlyDictionary<string, TensorInfo> tensors)
    {
        TensorInfo[] down = [.. tensors.Values.Where(tensor => tensor.Name.EndsWith(LoraShapes.DownSuffix, StringComparison.Ordinal))];
        var lonely = down.FirstOrDefault(tensor =>
            !tensors.ContainsKey(tensor.Name[..^LoraShapes.DownSuffix.Length] + LoraShapes.UpSuffix)
        );
        if (lonely is not null || tensors.Count != 2 * down.Length)
            throw new StoreException(
                $"{path}: these LoRA weights are incomplete, or mixed with something else "
                + $"({tensors.Count} tensors, {down.Length} of them first factors).",
                "Download or export them again."
            );
        long[] ranks = [.. down.Select(tensor => tensor.Shape.Count > 0 ? tensor.Shape[0] : 0).Distinct().Order()];
        string rank = ranks.Length == 1 ? $"rank {ranks[0]}" : $"ranks {ranks[0]} to {ranks[^1]}";
        return new DetectedModel(
            EntryKind.Lora, string.Create(CultureInfo.InvariantCulture, $"LoRA weights for {down.Length} modules, {rank}"), []);
    }

    private static DetectedModel Describe(string path, ModelFolder model, string family)
    {
        bool velocity = model.Scheduler.PredictionType == PredictionType.Velocity;
        string predicts = model.Scheduler.PredictionType switch
        {
            PredictionType.Epsilon => "predicts epsilon",
            PredictionType.Velocity => "predicts v",
            _ => "predicts the sample",
        };
        List<string> notes = [];
        if (velocity)
            notes.Add("HYPIR's own weights are for a model that predicts epsilon (2.1-base): they do not fit this one.");
        return new DetectedModel(EntryKind.Base, $"{family}, {predicts}{(model.TextEncoder is null ? ", no text encoder" : "")}", notes);
    }

    /// <summary>The family that the shapes reveal.</summary>
    /// <exception cref="StoreException">The family is not supported.</exception>
    private static string Family(string path, long contextWidth, IReadOnlyList<long> widths)
    {
        bool full = widths is [320, 640, 1280, 1280], xl = widths is [320, 640, 1280] or [384, 768, 1536, 1536];
        return (contextWidth, full, xl) switch
        {
            (Sd1Width, true, _) => throw Refuse(path, "Stable Diffusion 1 (1.4, 1.5, or a model made from one)"),
            (SdxlWidth, _, true) => throw Refuse(path, "Stable Diffusion XL"),
            (RefinerWidth, _, true) => throw Refuse(path, "the refiner of Stable Diffusion XL"),
            (Sd2Width, true, _) => "Stable Diffusion 2 (the files do not distinguish 2.0 from 2.1)",
            _ => $"a custom diffusion model (widths {string.Join(", ", widths)})",
        };
    }

    private static void RefuseInputs(string path, long? channels)
    {
        string? what = channels switch
        {
            5 => "Stable Diffusion 2 depth",
            7 => "a Stable Diffusion upscaler",
            8 => "InstructPix2Pix, or another model that takes a second image",
            9 => "a Stable Diffusion inpainting model",
            _ => null,
        };
        if (what is not null)
            throw Refuse(path, what);
    }

    private static StoreException Refuse(string path, string what) =>
        new($"{path}: this is {what}. HYPIR works with Stable Diffusion 2.1 only.", TakeBase);

    private static string? ClassName(string path) =>
        Read(path) is { ValueKind: JsonValueKind.Object } json
        && json.TryGetProperty("_class_name", out var name)
        && name.ValueKind == JsonValueKind.String
            ? name.GetString()
            : null;

    private static long? Number(string path, string key) =>
        Read(path) is { ValueKind: JsonValueKind.Object } json
        && json.TryGetProperty(key, out var value)
        && value.TryGetInt64(out long number)
            ? number
            : null;

    /// <summary>Reads a small JSON file; null if it is missing or not JSON, which is reported when the model is opened.</summary>
    private static JsonElement? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(RegularFile.Require(path))) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static string Quote(string key) => new([.. key.Where(c => !char.IsControl(c)).Take(80)]);
}

/// <summary>The identity of weights, from their headers and configurations.</summary>
/// <param name="Kind">Their purpose.</param>
/// <param name="Title">A one-line description.</param>
/// <param name="Notes">Notes about what the headers cannot reveal, or what the user should know; often empty.</param>
public sealed record DetectedModel(EntryKind Kind, string Title, IReadOnlyList<string> Notes)
{
    /// <summary>Whether it is a network that restores in one evaluation, and no diffusion model.</summary>
    public bool IsSinglePass { get; init; }
}

/// <summary>Keys and class names that identify other kinds of weights.</summary>
internal static class KnownWeights
{
    /// <summary>Diffusers pipelines and networks other than Stable Diffusion 2, by a part of their class name.</summary>
    public static IReadOnlyList<(string Part, string Name)> Classes { get; } =
    [
        ("StableDiffusionXL", "Stable Diffusion XL"),
        ("StableDiffusion3", "Stable Diffusion 3"),
        ("SD3Transformer", "Stable Diffusion 3"),
        ("StableCascade", "Stable Cascade"),
        ("Flux", "FLUX"),
        ("PixArt", "PixArt"),
        ("AuraFlow", "AuraFlow"),
        ("HunyuanDiT", "Hunyuan-DiT"),
        ("HunyuanVideo", "HunyuanVideo"),
        ("Kolors", "Kolors"),
        ("Lumina", "Lumina"),
        ("Sana", "Sana"),
        ("QwenImage", "Qwen-Image"),
        ("Wan", "Wan"),
        ("LTX", "LTX-Video"),
        ("CogVideo", "CogVideoX"),
        ("CogView", "CogView"),
        ("Kandinsky", "Kandinsky"),
        ("Wuerstchen", "Würstchen"),
        ("IFPipeline", "DeepFloyd IF"),
        ("LatentConsistency", "a latent consistency model"),
        ("InstructPix2Pix", "InstructPix2Pix"),
        ("Upscale", "a Stable Diffusion upscaler"),
        ("Inpaint", "a Stable Diffusion inpainting model"),
        ("Depth2Img", "Stable Diffusion 2 depth"),
        ("ImageVariation", "a Stable Diffusion image variation model"),
        ("UnCLIP", "Stable unCLIP"),
        ("ControlNet", "a ControlNet"),
    ];

    /// <summary>Single files of other kinds, by the start of one of their keys. The first match wins.</summary>
    public static IReadOnlyList<(string Prefix, string Name)> Keys { get; } =
    [
        ("lora_unet_", "LoRA weights in kohya's layout, for generating images"),
        ("lora_te", "LoRA weights in kohya's layout, for generating images"),
        (
            "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora",
            "LoRA weights in diffusers' layout, for generating images"),
        ("unet.", "LoRA weights in diffusers' layout, for generating images"),
        ("conditioner.embedders.", "Stable Diffusion XL"),
        ("model.diffusion_model.label_emb.", "Stable Diffusion XL"),
        ("add_embedding.", "the UNet of Stable Diffusion XL"),
        ("model.diffusion_model.joint_blocks.", "Stable Diffusion 3"),
        ("joint_blocks.", "Stable Diffusion 3"),
        ("model.diffusion_model.double_blocks.", "FLUX"),
        ("double_blocks.", "FLUX"),
        ("single_transformer_blocks.", "FLUX"),
        ("control_model.", "a ControlNet"),
        ("controlnet_cond_embedding.", "a ControlNet"),
        ("down_blocks.0.motion_modules.", "AnimateDiff"),
        ("adaln_single.", "PixArt"),
        ("text_encoders.", "a model with its text encoders in one file, such as Stable Diffusion 3 or FLUX"),
        ("text_model.encoder.", "a CLIP text encoder alone"),
        ("down_blocks.0.resnets.", "a UNet alone"),
        ("encoder.conv_in.", "a VAE alone"),
        ("encoder.down.", "a VAE alone"),
        ("string_to_param", "a textual inversion embedding"),
        ("emb_params", "a textual inversion embedding"),
    ];

    /// <summary>Training weights, by one of their keys.</summary>
    public static IReadOnlyList<(string Key, string Title)> Training { get; } =
    [
        ("features.28.weight", "VGG16 features (torchvision)"),
        ("lin4.model.1.weight", "LPIPS linear weights"),
        ("visual.trunk.stem.0.weight", "OpenCLIP ConvNeXt"),
        // Both documented spellings.
        ("decoder.0.1.bias", "HYPIR's discriminator heads"), ("0.1.bias", "HYPIR's discriminator heads"),
    ];
}
