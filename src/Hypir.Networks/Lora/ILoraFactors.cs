using static TorchSharp.torch;

namespace Hypir.Networks.Lora;

/// <summary>Where the factors of a network's adapters come from.</summary>
public interface ILoraFactors
{
    /// <summary>Names of the adapted modules.</summary>
    IReadOnlyCollection<string> Modules { get; }

    /// <summary>Both factors of a module in a given type, owned by the caller.</summary>
    /// <param name="module">One of <see cref="Modules"/>.</param>
    /// <param name="type">Floating-point type.</param>
    /// <param name="device">Device.</param>
    (Tensor Down, Tensor Up) Factors(string module, ScalarType type, Device device);
}
