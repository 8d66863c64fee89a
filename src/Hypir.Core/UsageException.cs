namespace Hypir.Core;

/// <summary>What was asked for on the command line cannot be meant.</summary>
/// <inheritdoc/>
public sealed class UsageException(string message, string? remedy = null) : HypirException(message, remedy);
