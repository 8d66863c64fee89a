using static TorchSharp.torch;

namespace Hypir.Networks;

/// <summary>Lets networks live on when the dispose scope around their making ends: from then on whoever keeps them frees them.</summary>
public static class ModuleLifetime
{
    /// <summary>Takes the parameters and buffers of all networks among some objects out of their dispose scopes.</summary>
    /// <param name="owned">The objects; those that are no networks are passed over.</param>
    public static void Outlive(IEnumerable<IDisposable> owned)
    {
        foreach (nn.Module network in owned.OfType<nn.Module>())
        {
            foreach (Tensor tensor in network.parameters().Concat(network.buffers()))
                tensor.DetachFromDisposeScope();
        }
    }
}
