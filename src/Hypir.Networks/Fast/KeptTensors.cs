using static TorchSharp.torch;

namespace Hypir.Networks.Fast;

/// <summary>Owns the tensors of a rewritten network, whatever dispose scope they were made in, and the memory of its maps.</summary>
internal sealed class KeptTensors : IDisposable
{
    private readonly List<Tensor> _tensors = [];

    /// <summary>Memory of the network's maps.</summary>
    public MapMemory Maps { get; } = new();

    /// <summary>Takes a tensor over.</summary>
    public Tensor Keep(Tensor tensor)
    {
        _tensors.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _tensors)
            tensor.Dispose();
        _tensors.Clear();
        Maps.Dispose();
    }
}
