using Hypir.Networks;

namespace Hypir.Engine;

/// <summary>A result could not be written where it was to go.</summary>
/// <inheritdoc/>
internal sealed class OutputException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner);
