using Hypir.Networks;
using Hypir.Networks.Models;
using Hypir.Networks.Outlines;
using Hypir.Networks.Text;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Restoration.Planning.Cost;

namespace Hypir.Restoration.Planning;

/// <summary>What a plan needs to know of a model: its configurations and its needs, no weights.</summary>
public sealed record ModelFacts
{
    /// <summary>The model's name for people.</summary>
    public required string Name { get; init; }

    /// <summary>The UNet's configuration.</summary>
    public required UNetConfig UNet { get; init; }

    /// <summary>The VAE's configuration.</summary>
    public required VaeConfig Vae { get; init; }

    /// <summary>The text encoder's configuration, or null.</summary>
    public TextEncoderConfig? TextEncoder { get; init; }

    /// <summary>What the model asks of the pipeline.</summary>
    public ModelNeeds Needs { get; init; } = ModelNeeds.Reference;

    /// <summary>Pixels in a row of one latent position.</summary>
    public int Factor => Vae.Factor;

    /// <summary>Channels of the latent.</summary>
    public int LatentChannels => (int)Vae.LatentChannels;

    /// <summary>Whether a prompt can be given.</summary>
    public bool ReadsPrompts => TextEncoder is not null;

    /// <summary>Length of the text embedding: 1 (zeros) where there is no text encoder.</summary>
    public long Tokens => TextEncoder?.MaxPositionEmbeddings ?? 1;

    /// <summary>
    /// Tiles and padded images have sides that are multiples of this many pixels: what the model asks for, and whole latent positions.
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

    /// <summary>Reads what is to know of a model. Its weights stay closed.</summary>
    /// <param name="folder">An opened model.</param>
    /// <exception cref="ModelException">The model's <c>hypir.json</c> is not understood.</exception>
    public static ModelFacts Read(ModelFolder folder)
    {
        // A single-file checkpoint has no folder of its own that could hold the file.
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

    /// <summary>Side of the tiles, in pixels.</summary>
    /// <param name="options">What a person asked for.</param>
    public int TileOf(RestoreOptions options) => options.Tile ?? Math.Max(Needs.Patch / Multiple, 1) * Multiple;

    /// <summary>Distance between tiles, in pixels: for tiles of another size than the model's own, the same share of them.</summary>
    /// <param name="options">What a person asked for.</param>
    public int StrideOf(RestoreOptions options) =>
        options.Stride ?? (int)Math.Max((long)TileOf(options) * Needs.Stride / Needs.Patch / Multiple, 1) * Multiple;

    /// <summary>Counts one tile's encoding.</summary>
    /// <param name="height">Rows, in pixels.</param>
    /// <param name="width">Columns, in pixels.</param>
    public NetworkCost EncoderCost(int height, int width) => OutlineCost.Of(VaeOutline.Encoder(Vae), new(height, width));

    /// <summary>Counts one tile's restoration.</summary>
    /// <param name="height">Rows, in latent positions.</param>
    /// <param name="width">Columns, in latent positions.</param>
    public NetworkCost UNetCosts(int height, int width) => OutlineCost.Of(UNetOutline.Of(UNet), new(height, width), Tokens);

    /// <summary>Counts one tile's decoding.</summary>
    /// <param name="height">Rows, in latent positions.</param>
    /// <param name="width">Columns, in latent positions.</param>
    public NetworkCost DecoderCost(int height, int width) => OutlineCost.Of(VaeOutline.Decoder(Vae), new(height, width));

    /// <summary>Counts the text encoder, or nothing where there is none.</summary>
    public NetworkCost TextCosts() => TextEncoder is null ? new([], 0, 0) : TextCost.Of(TextEncoder);
}
