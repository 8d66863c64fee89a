namespace Hypir.Networks;

/// <summary>A result could not be written where it was to go: it is no use to go on.</summary>
/// <inheritdoc/>
public sealed class OutputException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner);
