namespace Hypir.Networks.Checkpoints;

/// <summary>The networks of a Stable Diffusion model that have weights.</summary>
public enum ModelPart
{
    /// <summary>The UNet (diffusers' folder <c>unet</c>).</summary>
    UNet,

    /// <summary>The autoencoder (<c>vae</c>).</summary>
    Vae,

    /// <summary>The CLIP text encoder (<c>text_encoder</c>).</summary>
    TextEncoder,
}
