using TorchSharp;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// Named tensors of one checkpoint, whatever its format: a safetensors file, a torch zip, shards with an index, a renamed view of one of these.
/// Opening reads headers only. The tensors' data may be mapped memory of the file: it stays valid while the source is open.
/// </summary>
public interface ITensorSource : IDisposable
{
    /// <summary>The file or folder that was opened, for messages.</summary>
    string Path { get; }

    /// <summary>Every tensor by its key.</summary>
    IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>
    /// The tensor of this key in its stored type and shape, on the CPU. It may share the file's mapped memory: read it or copy it, never write to
    /// it. The caller owns the tensor object.
    /// </summary>
    /// <param name="name">A key of <see cref="Tensors"/>.</param>
    /// <exception cref="KeyNotFoundException">The key is not there.</exception>
    /// <exception cref="CheckpointException">The data is damaged.</exception>
    torch.Tensor Read(string name);
}
