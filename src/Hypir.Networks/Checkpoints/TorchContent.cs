namespace Hypir.Networks.Checkpoints;

/// <summary>What a torch file holds, read but for the data.</summary>
/// <param name="Root">The pickled object.</param>
/// <param name="Data">Where each storage's data lies, by the storage's key; checked to be as long as the storage.</param>
internal sealed record TorchContent(object? Root, IReadOnlyDictionary<string, TorchData> Data);
