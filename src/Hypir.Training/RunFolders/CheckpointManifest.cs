namespace Hypir.Training.RunFolders;

/// <summary>What a checkpoint's <c>checkpoint.json</c> says.</summary>
/// <param name="Format">Version of the layout.</param>
/// <param name="Step">The step.</param>
/// <param name="Score">What it was measured at, or null.</param>
/// <param name="Files">Each file's XxHash128, in hexadecimal digits.</param>
internal sealed record CheckpointManifest(int Format, long Step, double? Score, IReadOnlyDictionary<string, string> Files);
