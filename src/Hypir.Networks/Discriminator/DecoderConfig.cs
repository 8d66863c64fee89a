namespace Hypir.Networks;

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
}
