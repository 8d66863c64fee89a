using Hypir.Networks.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypir.Networks.Lora;

/// <summary>Puts adapters beside a network's layers, unmerged: equal results, and what training needs.</summary>
public static class LoraAttachment
{
    /// <summary>Attaches every adapter.</summary>
    /// <param name="network">The network; it owns the adapters' parameters afterwards.</param>
    /// <param name="lora">Adapters that were checked against it.</param>
    /// <param name="type">Type of the parameters.</param>
    /// <param name="device">Device of the parameters.</param>
    /// <param name="trainable">Whether they want gradients.</param>
    public static void Attach(nn.Module network, ILoraFactors lora, ScalarType type, Device device, bool trainable = false)
    {
        // The list is made first: attaching adds modules to the tree that is walked.
        List<(string Name, ILoraTarget Layer)> layers = [.. network.named_modules()
            .Where(entry => entry.module is ILoraTarget && lora.Modules.Contains(entry.name))
            .Select(entry => (entry.name, (ILoraTarget)entry.module))];
        foreach ((string name, ILoraTarget layer) in layers)
        {
            (Tensor down, Tensor up) = lora.Factors(name, type, device);
            layer.Attach(new LoraPair(Own(down), Own(up)));
        }

        // Trainable ones are copies: an optimizer writes into its parameters, and what was read may be the file's mapped memory.
        Parameter Own(Tensor tensor) => new(trainable ? tensor.Then(t => t.clone()) : tensor, trainable);
    }
}
