using Hypir.Models.Manifests;

namespace Hypir.Models.Detection;

/// <summary>What weights are, told from their headers and configurations.</summary>
/// <param name="Kind">What they are good for.</param>
/// <param name="Title">What they are, in one line.</param>
/// <param name="Notes">What the headers cannot tell, or what a person should know; often nothing.</param>
public sealed record DetectedModel(EntryKind Kind, string Title, IReadOnlyList<string> Notes);
