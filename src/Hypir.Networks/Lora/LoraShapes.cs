namespace Hypir.Networks.Lora;

/// <summary>Names and shapes of adapters.</summary>
public static class LoraShapes
{
    /// <summary>What follows a module's name in the key of its first factor.</summary>
    public const string DownSuffix = ".lora_A.default.weight";

    /// <summary>What follows a module's name in the key of its second factor.</summary>
    public const string UpSuffix = ".lora_B.default.weight";

    /// <summary>
    /// The modules that the reference adapts: a module is a target when its name equals an entry or ends with "." and an entry.
    /// </summary>
    public static IReadOnlyList<string> Targets { get; } =
    [
        "to_k", "to_q", "to_v", "to_out.0", "conv", "conv1", "conv2", "conv_shortcut", "conv_out", "proj_in", "proj_out", "ff.net.2", "ff.net.0.proj",
    ];

    /// <summary>Whether a module of this name is adapted.</summary>
    public static bool IsTarget(string module) =>
        Targets.Any(entry => module == entry || module.EndsWith("." + entry, StringComparison.Ordinal));

    /// <summary>The modules of a network that are adapted, with the shapes of their weights.</summary>
    /// <param name="network">Keys and shapes of the network without adapters.</param>
    public static IEnumerable<(string Module, long[] Shape)> Adapted(IReadOnlyDictionary<string, long[]> network)
    {
        const string Weight = ".weight";
        return from entry in network
               where entry.Key.EndsWith(Weight, StringComparison.Ordinal) && entry.Value.Length >= 2 && IsTarget(entry.Key[..^Weight.Length])
               select (entry.Key[..^Weight.Length], entry.Value);
    }

    /// <summary>Shape of lora_A for a weight (out, in) or (out, in, kh, kw).</summary>
    public static long[] Down(IReadOnlyList<long> weight, long rank) => [rank, .. weight.Skip(1)];

    /// <summary>Shape of lora_B for a weight (out, in) or (out, in, kh, kw).</summary>
    public static long[] Up(IReadOnlyList<long> weight, long rank) => weight.Count == 2 ? [weight[0], rank] : [weight[0], rank, 1, 1];
}
