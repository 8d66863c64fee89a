namespace Hypir.Models;

/// <summary>The model store, a manifest, or a request to them is invalid.</summary>
/// <inheritdoc/>
public sealed class StoreException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner);
