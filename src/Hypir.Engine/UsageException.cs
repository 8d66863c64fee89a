using Hypir.Networks;

namespace Hypir.Engine;

/// <summary>What was asked for on the command line cannot be meant.</summary>
/// <inheritdoc/>
internal sealed class UsageException(string message, string? remedy = null) : HypirException(message, remedy);
