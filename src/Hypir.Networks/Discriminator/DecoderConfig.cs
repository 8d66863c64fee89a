namespace Hypir.Networks.Discriminator;

/// <summary>Sizes of a <see cref="MultiLevelDecoder"/>.</summary>
public sealed record DecoderConfig
{
    /// <summary>Channels of each feature map that has a head.</summary>
    public required IReadOnlyList<long> MapChannels { get; init; }

    /// <summary>Width of the image embedding.</summary>
    public required long EmbedDim { get; init; }

    /// <summary>Channels inside the heads.</summary>
    public long Channels { get; init; } = 512;

    /// <summary>The decoder for a tower: heads on all stages but the last, whose place the embedding takes.</summary>
    /// <param name="tower">The tower.</param>
    /// <param name="channels">Channels inside the heads.</param>
    public static DecoderConfig For(ConvNextConfig tower, long channels = 512) =>
        new() { MapChannels = [.. tower.Dims.SkipLast(1)], EmbedDim = tower.EmbedDim, Channels = channels };

    /// <summary>The sizes that a checkpoint's weights have.</summary>
    /// <param name="shapes">Keys (<c>decoder.0.1.weight_orig</c> …, <c>out.weight_orig</c>) and shapes.</param>
    /// <exception cref="ModelException">They are no such decoder's.</exception>
    public static DecoderConfig Detect(IReadOnlyDictionary<string, long[]> shapes)
    {
        var maps = new List<long>();
        while (shapes.TryGetValue($"decoder.{maps.Count}.1.weight_orig", out long[]? weight))
            maps.Add(weight[1]);
        return shapes.TryGetValue($"decoder.{maps.Count}.0.weight_orig", out long[]? embedding) && embedding.Length == 2
            ? new() { MapChannels = maps, EmbedDim = embedding[1], Channels = embedding[0] }
            : throw new ModelException("The weights hold no discriminator's decoder (decoder.0.1.weight_orig …, out.weight_orig).",
                "Name a discriminator as HYPIR releases it, such as HYPIR_sd2_D.safetensors.");
    }
}
