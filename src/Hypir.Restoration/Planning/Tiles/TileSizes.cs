using Hypir.Restoration.Planning.Cost;

namespace Hypir.Restoration.Planning.Tiles;

/// <summary>
/// How large the tiles of each stage may be and how much of them neighbours share, in pixels. The UNet invents what one tile sees of the
/// image and needs wide overlaps; what the VAE computes hangs on little around it, so that wide overlaps there only repeat work.
/// </summary>
/// <param name="Vae">Largest side of a tile of the encoder and the decoder.</param>
/// <param name="VaeOverlap">What its neighbours share.</param>
/// <param name="UNet">Largest side of a tile of the UNet.</param>
/// <param name="UNetOverlap">What its neighbours share.</param>
internal sealed record TileSizes(int Vae, int VaeOverlap, int UNet, int UNetOverlap)
{
    /// <summary>Latent positions that tiles of the VAE share.</summary>
    private const int SharedLatents = 8;

    /// <summary>Pixels that tiles of the VAE share at least, whatever the size of its latents.</summary>
    private const int LeastShared = 32;

    /// <summary>The sizes to choose from, the best first: each needs less memory than the one before.</summary>
    /// <param name="options">What a person asked for.</param>
    /// <param name="model">The model.</param>
    public static IEnumerable<TileSizes> Choices(RestoreOptions options, ModelFacts model)
    {
        int tile = model.TileOf(options), shared = tile - model.StrideOf(options);
        int wide = options.Stride is null ? Math.Min(shared, tile / 4) : shared;
        int narrow = Math.Min(Math.Max(SharedLatents * model.Factor, LeastShared), wide);
        if (options.Tile is not null)
            return [new(tile, narrow, tile, wide)];
        // Attention sees what it was trained with best; without it, larger tiles are only nearer to the whole image.
        bool attends = model
            .UNet.DownAttention.Concat(model.UNet.UpAttention)
            .Append(model.UNet.MidBlock == Networks.UNet.UNetMidBlockKind.CrossAttention)
            .Any(a => a);
        return from share in new[] { 1.5, 1, 0.5, 0.25 }
               let size = Math.Max((int)(tile * share), 128)
               where share == 1.5 || size < tile || (share == 1 && size == tile)
               select new TileSizes(
                   size, Math.Min(narrow, size / 4), attends ? Math.Min(size, tile) : size, Shared(attends ? Math.Min(size, tile) : size));

        // The same share of a larger tile: what surrounds a tile reaches as far into it as the network looks.
        int Shared(int size) => (int)Math.Min((long)wide * Math.Max(size, tile) / tile, size / 4);
    }
}

/// <summary>One stage of a plan: the tiles that a network is evaluated on.</summary>
/// <param name="Tiles">The tiles, in pixels (encoding) or positions of the latent (restoring, decoding); none where the model does not run.</param>
/// <param name="Scale">From the tiles' scale to the result's.</param>
/// <param name="Cost">What one tile costs.</param>
/// <param name="TilesPerBatch">Tiles that are computed at once.</param>
public sealed record StagePlan(TileGrid Tiles, TileScale Scale, NetworkCost Cost, int TilesPerBatch = 1)
{
    /// <summary>Floating-point operations of the stage.</summary>
    public double Operations => Tiles.Count * Cost.Operations;
}
