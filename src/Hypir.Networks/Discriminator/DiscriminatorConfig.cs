namespace Hypir.Networks.Discriminator;

/// <summary>Sizes of a <see cref="ConvNextTower"/>.</summary>
public sealed record ConvNextConfig
{
    /// <summary>Blocks of each stage, from high to low resolution.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Channels of each stage; as many as <see cref="Depths"/>.</summary>
    public required IReadOnlyList<long> Dims { get; init; }

    /// <summary>Width of the image embedding.</summary>
    public required long EmbedDim { get; init; }

    /// <summary>Added to the variance in all normalizations.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>The backbone of the reference's discriminator: OpenCLIP's convnext_xxlarge, 847 million parameters.</summary>
    public static ConvNextConfig XxLarge { get; } = new() { Depths = [3, 4, 30, 3], Dims = [384, 768, 1536, 3072], EmbedDim = 1024 };

    /// <summary>Detects the sizes from a checkpoint's weights.</summary>
    /// <param name="shapes">Keys (<c>visual.trunk.…</c>) and shapes; others are ignored.</param>
    /// <exception cref="ModelException">The weights do not belong to such a tower.</exception>
    public static ConvNextConfig Detect(IReadOnlyDictionary<string, long[]> shapes)
    {
        var depths = new List<int>();
        var dims = new List<long>();
        while (shapes.TryGetValue(Gamma(depths.Count, 0), out long[]? gamma))
        {
            dims.Add(gamma[0]);
            depths.Add(Enumerable.Range(0, int.MaxValue).First(block => !shapes.ContainsKey(Gamma(dims.Count - 1, block))));
        }

        return dims.Count > 1 && shapes.TryGetValue("visual.head.proj.weight", out long[]? proj)
            ? new()
            {
                Depths = depths,
                Dims = dims,
                EmbedDim = proj[0],
            }
            : throw new ModelException(
                "The weights hold no ConvNeXt image tower (visual.trunk.stages.0.blocks.0.gamma …, visual.head.proj.weight).",
                "Name the weights of an OpenCLIP model on ConvNeXt, such as convnext_xxlarge.");

        static string Gamma(int stage, int block) => $"visual.trunk.stages.{stage}.blocks.{block}.gamma";
    }
}

/// <summary>Sizes of a <see cref="MultiLevelDecoder"/>.</summary>
public sealed record DecoderConfig
{
    /// <summary>Channels of each feature map that has a head.</summary>
    public required IReadOnlyList<long> MapChannels { get; init; }

    /// <summary>Width of the image embedding.</summary>
    public required long EmbedDim { get; init; }

    /// <summary>Channels inside the heads.</summary>
    public long Channels { get; init; } = 512;

    /// <summary>The decoder for a tower: heads on all stages but the last, which the embedding replaces.</summary>
    /// <param name="tower">The tower.</param>
    /// <param name="channels">Channels inside the heads.</param>
    public static DecoderConfig For(ConvNextConfig tower, long channels = 512) =>
        new() { MapChannels = [.. tower.Dims.SkipLast(1)], EmbedDim = tower.EmbedDim, Channels = channels };

    /// <summary>Detects the sizes from a checkpoint's weights.</summary>
    /// <param name="shapes">Keys (<c>decoder.0.1.weight_orig</c> …, <c>out.weight_orig</c>) and shapes.</param>
    /// <exception cref="ModelException">The weights do not belong to such a decoder.</exception>
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
