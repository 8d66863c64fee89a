namespace Hypir.Protocol.Messages;

/// <summary>What requests can name, and what could be had.</summary>
/// <param name="Models">Models; the one that ships is first. Only those in the state <see cref="ModelState.Ready"/> can be restored with.</param>
/// <param name="Loras">Names of LoRA weights for <see cref="RestoreRequest.Lora"/>; each of them is, with its base, a model too.</param>
public sealed record ModelList(IReadOnlyList<ModelEntry> Models, IReadOnlyList<string> Loras);
