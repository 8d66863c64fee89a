using Hypir.Planning.Configs;
using Hypir.Planning.Cost;
using Hypir.Planning.Outlines;

namespace Hypir.Planning;

/// <summary>The facts about a model that a plan needs: its configurations and needs, but no weights.</summary>
public sealed record ModelFacts
{
    private readonly UNetConfig? _unet;
    private readonly VaeConfig? _vae;

    /// <summary>The model's name for people.</summary>
    public required string Name { get; init; }

    /// <summary>The UNet's configuration.</summary>
    /// <exception cref="InvalidOperationException">The model is a single-pass network.</exception>
    public UNetConfig UNet { get => _unet ?? throw NoDiffusion(); init => _unet = value; }

    /// <summary>The VAE's configuration.</summary>
    /// <exception cref="InvalidOperationException">The model is a single-pass network.</exception>
    public VaeConfig Vae { get => _vae ?? throw NoDiffusion(); init => _vae = value; }

    /// <summary>The sizes of a single-pass network; null for a diffusion model.</summary>
    public SinglePassOutline? SinglePass { get; init; }

    /// <summary>The text encoder's configuration, or null.</summary>
    public TextEncoderConfig? TextEncoder { get; init; }

    /// <summary>The model's requirements for the pipeline.</summary>
    public ModelNeeds Needs { get; init; } = ModelNeeds.Reference;

    /// <summary>Pixels in a row of one latent position; 1 for a single-pass network.</summary>
    public int Factor => SinglePass is null ? Vae.Factor : 1;

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

    /// <summary>What is to know of a single-pass network.</summary>
    /// <param name="network">Its sizes.</param>
    /// <param name="name">Its name for people.</param>
    public static ModelFacts Of(SinglePassOutline network, string name)
    {
        ArgumentNullException.ThrowIfNull(network);
        SinglePassNeeds needs = network.Needs;
        // Of a tile that is smaller than what surrounds it next to nothing would be used.
        int least = needs.Side ?? RoundUp(Math.Max(3 * needs.Overlap, 32), needs.Grid), tile = RoundUp(Math.Max(256, least), needs.Grid);
        return new()
        {
            Name = name,
            SinglePass = network,
            Needs = new()
            {
                Name = name,
                Patch = tile,
                Stride = tile,
                Multiple = needs.Grid,
                Minimum = least,
                BelowMinimum = BelowMinimum.Pad,
                // Results that differ by a level from other programs' are not worth the time that narrower types save.
                Precision = ComputePrecision.Float32,
            },
        };

        static int RoundUp(int value, int step) => (value + step - 1) / step * step;
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

    private static InvalidOperationException NoDiffusion() => new("A single-pass network has neither UNet nor VAE.");
}
