namespace Hypir.Models.Detection;

/// <summary>Keys and class names by which other people's weights are recognised.</summary>
internal static class KnownWeights
{
    /// <summary>Pipelines and networks of diffusers that are not Stable Diffusion 2, by what their class name contains.</summary>
    public static IReadOnlyList<(string Part, string Name)> Classes { get; } =
    [
        ("StableDiffusionXL", "Stable Diffusion XL"), ("StableDiffusion3", "Stable Diffusion 3"), ("SD3Transformer", "Stable Diffusion 3"), ("StableCascade", "Stable Cascade"),
        ("Flux", "FLUX"), ("PixArt", "PixArt"), ("AuraFlow", "AuraFlow"), ("HunyuanDiT", "Hunyuan-DiT"), ("HunyuanVideo", "HunyuanVideo"), ("Kolors", "Kolors"),
        ("Lumina", "Lumina"), ("Sana", "Sana"), ("QwenImage", "Qwen-Image"), ("Wan", "Wan"), ("LTX", "LTX-Video"), ("CogVideo", "CogVideoX"), ("CogView", "CogView"),
        ("Kandinsky", "Kandinsky"), ("Wuerstchen", "Würstchen"), ("IFPipeline", "DeepFloyd IF"), ("LatentConsistency", "a latent consistency model"),
        ("InstructPix2Pix", "InstructPix2Pix"), ("Upscale", "a Stable Diffusion upscaler"), ("Inpaint", "a Stable Diffusion inpainting model"),
        ("Depth2Img", "Stable Diffusion 2 depth"), ("ImageVariation", "a Stable Diffusion image variation model"), ("UnCLIP", "Stable unCLIP"), ("ControlNet", "a ControlNet"),
    ];

    /// <summary>Single files that are something else, by what one of their keys begins with. The first that fits is named.</summary>
    public static IReadOnlyList<(string Prefix, string Name)> Keys { get; } =
    [
        ("lora_unet_", "LoRA weights in kohya's layout, for generating images"), ("lora_te", "LoRA weights in kohya's layout, for generating images"),
        ("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.lora", "LoRA weights in diffusers' layout, for generating images"),
        ("unet.", "LoRA weights in diffusers' layout, for generating images"),
        ("conditioner.embedders.", "Stable Diffusion XL"), ("model.diffusion_model.label_emb.", "Stable Diffusion XL"), ("add_embedding.", "the UNet of Stable Diffusion XL"),
        ("model.diffusion_model.joint_blocks.", "Stable Diffusion 3"), ("joint_blocks.", "Stable Diffusion 3"),
        ("model.diffusion_model.double_blocks.", "FLUX"), ("double_blocks.", "FLUX"), ("single_transformer_blocks.", "FLUX"),
        ("control_model.", "a ControlNet"), ("controlnet_cond_embedding.", "a ControlNet"), ("down_blocks.0.motion_modules.", "AnimateDiff"),
        ("adaln_single.", "PixArt"), ("text_encoders.", "a model with its text encoders in one file, such as Stable Diffusion 3 or FLUX"),
        ("conv_first.", "a Real-ESRGAN or SwinIR model"), ("model.0.weight", "an ESRGAN model"), ("body.0.weight", "a Real-ESRGAN model"),
        ("text_model.encoder.", "a CLIP text encoder alone"), ("down_blocks.0.resnets.", "a UNet alone"), ("encoder.conv_in.", "a VAE alone"), ("encoder.down.", "a VAE alone"),
        ("string_to_param", "a textual inversion embedding"), ("emb_params", "a textual inversion embedding"),
    ];

    /// <summary>Weights that training uses, by one of their keys.</summary>
    public static IReadOnlyList<(string Key, string Title)> Training { get; } =
    [
        ("features.28.weight", "VGG16 features (torchvision)"),
        ("lin4.model.1.weight", "LPIPS linear weights"),
        ("visual.trunk.stem.0.weight", "OpenCLIP ConvNeXt"),
        // Two spellings are told of; the file is not ours to look at.
        ("decoder.0.1.bias", "HYPIR's discriminator heads"), ("0.1.bias", "HYPIR's discriminator heads"),
    ];
}
