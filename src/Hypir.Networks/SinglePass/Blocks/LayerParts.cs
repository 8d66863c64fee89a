using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass.Blocks;

/// <summary>Layers of several families for which outlines have no record.</summary>
internal static class LayerParts
{
    /// <summary>A <see cref="Layers.TransposedConv2d"/>; each position of its result is written once.</summary>
    public static OtherLayer Transposed(string name, long from, long to, long factor, bool bias) => new(
        [new($"{name}.weight", [from, to, factor, factor]), .. bias ? (WeightOutline[])[new($"{name}.bias", [to])] : []],
        Operations: 2 * from * to);

    /// <summary>A linear map of one vector for the whole image, whose operations do not count.</summary>
    public static OtherLayer Vector(string name, long from, long to) =>
        new([new($"{name}.weight", [to, from]), new($"{name}.bias", [to])]);

    /// <summary>Attention within windows: four operations for each channel and each position of the window.</summary>
    public static OtherLayer Windowed(WeightOutline table, long width, long window) =>
        new([table], Operations: 4 * width * window * window);
}
