using Hypir.Networks.Models;
using static TorchSharp.torch;

namespace Hypir.Restoration.Stages;

/// <summary>Caches the embedding of the last prompt, which the images of one run usually share.</summary>
/// <param name="model">The model; it must outlive this object.</param>
internal sealed class PromptCache(DiffusionModel model) : IDisposable
{
    private (string Prompt, Tensor Embedding)? _last;

    /// <summary>The embedding of a prompt.</summary>
    /// <param name="prompt">The prompt; empty for none.</param>
    /// <returns>(1, tokens, width); the cache owns it.</returns>
    public Tensor Get(string prompt)
    {
        if (_last is { } last && last.Prompt == prompt)
            return last.Embedding;
        Tensor embedding = model.EncodePrompt(prompt).DetachFromDisposeScope();
        Dispose();
        _last = (prompt, embedding);
        return embedding;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _last?.Embedding.Dispose();
        _last = null;
    }
}
