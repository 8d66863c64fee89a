using Hypir.Networks.Models;

namespace Hypir.Restoration.Pipeline;

/// <summary>The networks that a job computes with.</summary>
/// <param name="Plain">As they were loaded.</param>
/// <param name="Fast">Their faster forms; null in reference mode.</param>
/// <param name="Prompts">Embeddings of texts.</param>
internal sealed record JobNetworks(DiffusionModel Plain, FastModel? Fast, PromptCache Prompts);
