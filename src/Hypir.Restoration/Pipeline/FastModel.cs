using Hypir.Networks.Fast;
using Hypir.Networks.Models;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>A loaded model's networks rewritten for speed, and what the last timestep and prompt mean to them.</summary>
internal sealed class FastModel : IDisposable
{
    private (int Timestep, Tensor Text, UNetConditions Conditions)? _last;

    /// <summary>Rewrites the networks.</summary>
    /// <param name="model">The model, which must live as long as this.</param>
    public FastModel(DiffusionModel model)
    {
        Vae = new FastVae(model.Vae);
        UNet = new FastUNet(model.UNet);
    }

    /// <summary>Pictures to latents and back.</summary>
    public FastVae Vae { get; }

    /// <summary>The denoising network.</summary>
    public FastUNet UNet { get; }

    /// <summary>What a timestep and a text mean to the UNet.</summary>
    /// <param name="timestep">The timestep.</param>
    /// <param name="text">From <see cref="PromptCache"/>: the same tensor stands for the same text.</param>
    /// <returns>This object owns it, until it is asked for another.</returns>
    public UNetConditions Conditions(int timestep, Tensor text)
    {
        if (_last is { } last && last.Timestep == timestep && ReferenceEquals(last.Text, text))
            return last.Conditions;
        UNetConditions conditions = UNet.Conditions(timestep, text);
        _last?.Conditions.Dispose();
        _last = (timestep, text, conditions);
        return conditions;
    }

    /// <summary>Frees what evaluations have left to use again.</summary>
    public void GiveMemoryBack()
    {
        Vae.GiveMemoryBack();
        UNet.GiveMemoryBack();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _last?.Conditions.Dispose();
        UNet.Dispose();
        Vae.Dispose();
    }
}

/// <summary>The networks that a job computes with.</summary>
/// <param name="Plain">As they were loaded.</param>
/// <param name="Fast">Their faster forms; null in reference mode.</param>
/// <param name="Prompts">Embeddings of texts.</param>
internal sealed record JobNetworks(DiffusionModel Plain, FastModel? Fast, PromptCache Prompts);

/// <summary>Keeps the embedding of the last prompt: pictures of one run mostly share it.</summary>
/// <param name="model">The model, which must live as long as this.</param>
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
