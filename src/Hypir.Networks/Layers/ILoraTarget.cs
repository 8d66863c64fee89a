using Hypir.Networks.Lora;

namespace Hypir.Networks.Layers;

/// <summary>A layer that a low-rank adapter can stand beside.</summary>
public interface ILoraTarget
{
    /// <summary>Shape of the layer's weight: (out, in) or (out, in, kernel height, kernel width).</summary>
    IReadOnlyList<long> WeightShape { get; }

    /// <summary>Puts an adapter beside the layer; its output is added from then on.</summary>
    /// <param name="pair">Parameters of shapes <see cref="LoraShapes"/>; the layer owns them afterwards.</param>
    void Attach(LoraPair pair);
}
