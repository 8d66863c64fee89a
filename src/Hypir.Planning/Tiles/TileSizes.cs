using Hypir.Planning.Configs;
using Hypir.Planning.Cost;

namespace Hypir.Planning.Tiles;

/// <summary>
/// The largest tiles of each stage and their overlaps, in pixels. The UNet invents detail from the part of the image in its tile and needs
/// wide overlaps; the VAE depends on little context, so that wide overlaps only repeat work.
/// </summary>
/// <param name="Vae">The largest tile side of the encoder and the decoder.</param>
/// <param name="VaeOverlap">The overlap of their tiles.</param>
/// <param name="UNet">The largest tile side of the UNet.</param>
/// <param name="UNetOverlap">The overlap of its tiles.</param>
internal sealed record TileSizes(int Vae, int VaeOverlap, int UNet, int UNetOverlap)
{
    /// <summary>Overlap of the VAE's tiles in latent positions.</summary>
    private const int SharedLatents = 8;

    /// <summary>Smallest overlap of the VAE's tiles in pixels, for any latent size.</summary>
    private const int LeastShared = 32;

    /// <summary>The sizes to choose from, best first: each needs less memory than the one before.</summary>
    /// <param name="options">The user's options.</param>
    /// <param name="model">The model.</param>
    /// <param name="apart">
    /// Whether the VAE's tiles may have to be smaller than the UNet's: its maps are the largest that a GPU must bind at once.
    /// </param>
    public static IEnumerable<TileSizes> Choices(RestoreOptions options, ModelFacts model, bool apart = false)
    {
        int tile = model.TileOf(options), shared = tile - model.StrideOf(options);
        int wide = options.Stride is null ? Math.Min(shared, tile / 4) : shared;
        int narrow = Math.Min(Math.Max(SharedLatents * model.Factor, LeastShared), wide);
        // A distance between tiles is one between tiles of the model's own size; with larger ones it would mean something else.
        if (options.Tile is not null || options.Stride is not null)
            return [new(tile, narrow, tile, wide)];
        // Attention works best at its training size; without attention, larger tiles only come closer to the whole image.
        bool attends = model
            .UNet.DownAttention.Concat(model.UNet.UpAttention)
            .Append(model.UNet.MidBlock == UNetMidBlockKind.CrossAttention)
            .Any(a => a);
        return from share in new[] { 1.5, 1, 0.5, 0.25 }
               let size = Math.Max((int)(tile * share), 128)
               where share == 1.5 || size < tile || (share == 1 && size == tile)
               from unet in apart && size < tile ? new[] { tile, size } : [size]
               select new TileSizes(
                   size, Math.Min(narrow, size / 4), attends ? Math.Min(unet, tile) : unet, Shared(attends ? Math.Min(unet, tile) : unet));

        // A larger tile gets a proportional overlap: its surroundings affect it as far as the network's receptive field.
        int Shared(int size) => (int)Math.Min((long)wide * Math.Max(size, tile) / tile, size / 4);
    }
}

/// <summary>One stage of a plan: the tiles on which a network is evaluated.</summary>
/// <param name="Tiles">The tiles, in pixels (encoding) or positions of the latent (restoring, decoding); empty if the model does not
/// run.</param>
/// <param name="Scale">From the tiles' scale to the result's.</param>
/// <param name="Cost">The cost of one tile.</param>
/// <param name="TilesPerBatch">Tiles computed at once.</param>
public sealed record StagePlan(TileGrid Tiles, TileScale Scale, NetworkCost Cost, int TilesPerBatch = 1)
{
    /// <summary>Floating-point operations of the stage.</summary>
    public double Operations => Tiles.Count * Cost.Operations;
}
