using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation.Noise;

/// <summary>Chooses between grey and coloured noise, picture by picture.</summary>
internal static class NoiseMix
{
    /// <summary>The noise of a batch: the grey field where asked for, the coloured one elsewhere; a field that nobody wants is not made.</summary>
    public static Tensor Fields(IReadOnlyList<bool> grey, Tensor images, Func<Tensor> greyField, Func<Tensor> colourField)
    {
        if (grey.Count != images.shape[0])
            throw new ArgumentException($"{grey.Count} choices of grey or colour for {images.shape[0]} pictures.", nameof(grey));
        if (!grey.Contains(true))
            return colourField();
        var shared = greyField();
        if (!grey.Contains(false))
            return shared;
        var chosen = PerImage.Column([.. grey.Select(flag => flag ? 1.0 : 0.0)], images);
        return where(chosen.IsAbove(0), shared, colourField());
    }
}
