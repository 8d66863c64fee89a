using Hypir.Networks.Checkpoints;
using Hypir.Networks.Checkpoints.SingleFile;

namespace Hypir.Networks.Models;

/// <summary>The opened weight files of a model, in a folder or in one file.</summary>
internal sealed class ModelWeights(ModelFolder model) : IDisposable
{
    private readonly List<IDisposable> _open = [];
    private readonly Dictionary<ModelPart, ITensorSource> _parts = [];
    private SingleFileCheckpoint? _single;

    /// <summary>The weights of one network, valid until this object is disposed.</summary>
    public ITensorSource Open(ModelPart part)
    {
        if (_parts.TryGetValue(part, out ITensorSource? open))
            return open;
        if (model.IsSingleFile)
            _single ??= Keep(SingleFileCheckpoint.Open(model.Path));
        return _parts[part] = Keep(_single?.Open(part, model.Json(part)) ?? CheckpointFolder.Open(Path.Combine(model.Path, ModelFolder.Names[part])));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = _open.Count - 1; i >= 0; i--)
            _open[i].Dispose();
        _open.Clear();
    }

    private T Keep<T>(T item)
        where T : IDisposable
    {
        _open.Add(item);
        return item;
    }
}
