using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>All that a timestep and a text mean to a <see cref="FastUNet"/>, computed once for all tiles.</summary>
public sealed class UNetConditions : IDisposable
{
    internal UNetConditions(Tensor[] biases, TextKeys[][] texts) => (Biases, Texts) = (biases, texts);

    /// <summary>The first bias of each residual block, in the order of execution.</summary>
    internal Tensor[] Biases { get; }

    /// <summary>Keys and values of each transformer's blocks, in the order of execution.</summary>
    internal TextKeys[][] Texts { get; }

    /// <summary>Frees them.</summary>
    public void Dispose()
    {
        foreach (Tensor bias in Biases)
            bias.Dispose();
        foreach (TextKeys text in Texts.SelectMany(texts => texts))
        {
            text.Keys.Dispose();
            text.Values.Dispose();
        }
    }
}
