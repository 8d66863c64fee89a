using Hypir.Networks;
using static TorchSharp.torch;

namespace Hypir.Training.Degradation;

/// <summary>Keeping pictures within [0, 1] and on the 256 levels that a file can hold.</summary>
public static class Levels
{
    /// <summary>Rounds to multiples of 1/255 (halves to even) and limits to [0, 1], each if asked for.</summary>
    /// <param name="images">Any shape.</param>
    /// <param name="clip">Limit to [0, 1].</param>
    /// <param name="round">Round to multiples of 1/255.</param>
    /// <returns>A new tensor, or an alias of <paramref name="images"/> if nothing was asked for.</returns>
    public static Tensor Finish(Tensor images, bool clip, bool round) => (clip, round) switch
    {
        (true, true) => images.Times(255).round_().ClampInPlace(0, 255).DivideInPlace(255),
        (true, false) => images.Clamped(0, 1),
        (false, true) => images.Times(255).round_().DivideInPlace(255),
        _ => images.alias(),
    };
}
