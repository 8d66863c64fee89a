namespace Hypir.Server.Gpu;

/// <summary>This machine has no use for a GPU backend, or none is known for it.</summary>
/// <inheritdoc/>
internal sealed class GpuException(string message, string? remedy = null) : HypirException(message, remedy);
