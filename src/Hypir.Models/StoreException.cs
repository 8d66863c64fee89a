namespace Hypir.Models;

/// <summary>The store of models, a manifest, or what was asked of them is not in order.</summary>
/// <inheritdoc/>
public sealed class StoreException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner);
