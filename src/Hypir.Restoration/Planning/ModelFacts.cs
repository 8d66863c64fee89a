using Hypir.Networks;
using Hypir.Networks.Models;
using Hypir.Networks.Outlines;
using Hypir.Networks.Text;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Restoration.Planning.Cost;

namespace Hypir.Restoration.Planning;

/// <summary>The facts about a model that a plan needs: its configurations and needs, but no weights.</summary>
public sealed record ModelFacts
{
    /// <summary>The model's display name.</summary>
    public required string Name { get; init; }

    /// <summary>The UNet's configuration.</summary>
    public required UNetConfig UNet { get; init; }

    /// <summary>The VAE's configuration.</summary>
    public required VaeConfig Vae { get; init; }

    /// <summary>The text encoder's configuration, or null.</summary>
    public TextEncoderConfig? TextEncoder { get; init; }

    /// <summary>The model's requirements for the pipeline.</summary>
    public ModelNeeds Needs { get; init; } = ModelNeeds.Reference;

    /// <summary>Pixels per latent position along each axis.</summary>
    public int Factor => Vae.Factor;

    /// <summary>Channels of the latent.</summary>
    public int LatentChannels => (int)Vae.LatentChannels;

    /// <summary>Whether the model accepts a prompt.</summary>
    public bool ReadsPrompts => TextEncoder is not null;

    /// <summary>Length of the text embedding: 1 (zeros) if there is no text encoder.</summary>
    public long Tokens => TextEncoder?.MaxPositionEmbeddings ?? 1;

    /// <summary>
    /// Sides of tiles and padded images are multiples of this many pixels: the model's own multiple, and whole latent positions.
    /// </summary>
    public int Multiple
    {
        get
        {
            int a = Needs.Multiple, b = Factor;
            while (b != 0)
                (a, b) = (b, a % b);
            return Needs.Multiple / a * Factor;
        }
    }

    /// <summary>Reads the facts about a model without opening its weights.</summary>
    /// <param name="folder">An opened model.</param>
    /// <exception cref="ModelException">The model's <c>hypir.json</c> is invalid.</exception>
    public static ModelFacts Read(ModelFolder folder)
    {
        // A single-file checkpoint has no folder of its own to hold the file.
        ModelNeeds needs = Directory.Exists(folder.Path) ? ModelNeeds.OfFolder(folder.Path) : ModelNeeds.Reference;
        return new()
        {
            Name = needs.Name ?? Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(folder.Path)),
            UNet = folder.UNet,
            Vae = folder.Vae,
            TextEncoder = folder.TextEncoder,
            Needs = needs,
        };
    }

    /// <summary>Side of the tiles in pixels.</summary>
    /// <param name="options">The user's options.</param>
    public int TileOf(RestoreOptions options) => options.Tile ?? Math.Max(Needs.Patch / Multiple, 1) * Multiple;

    /// <summary>Distance between tiles in pixels: for tiles of another size than the model's own, the same proportion.</summary>
    /// <param name="options">The user's options.</param>
    public int StrideOf(RestoreOptions options) =>
        options.Stride ?? (int)Math.Max((long)TileOf(options) * Needs.Stride / Needs.Patch / Multiple, 1) * Multiple;

    /// <summary>The cost of encoding one tile.</summary>
    /// <param name="height">Rows, in pixels.</param>
    /// <param name="width">Columns, in pixels.</param>
    public NetworkCost EncoderCost(int height, int width) => OutlineCost.Of(VaeOutline.Encoder(Vae), new(height, width));

    /// <summary>The cost of restoring one tile.</summary>
    /// <param name="height">Rows, in latent positions.</param>
    /// <param name="width">Columns, in latent positions.</param>
    public NetworkCost UNetCosts(int height, int width) => OutlineCost.Of(UNetOutline.Of(UNet), new(height, width), Tokens);

    /// <summary>The cost of decoding one tile.</summary>
    /// <param name="height">Rows, in latent positions.</param>
    /// <param name="width">Columns, in latent positions.</param>
    public NetworkCost DecoderCost(int height, int width) => OutlineCost.Of(VaeOutline.Decoder(Vae), new(height, width));

    /// <summary>The cost of the text encoder; zero if there is none.</summary>
    public NetworkCost TextCosts() => TextEncoder is null ? new([], 0, 0) : TextCost.Of(TextEncoder);
}
