namespace Hypir.Networks.Libraries;

/// <summary>A folder that was chosen holds no libtorch, or one that does not load.</summary>
/// <inheritdoc/>
public sealed class TorchLoadException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner);
