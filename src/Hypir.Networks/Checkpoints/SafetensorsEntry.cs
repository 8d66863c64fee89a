namespace Hypir.Networks.Checkpoints;

/// <summary>One tensor of a safetensors header.</summary>
/// <param name="Info">Name, type, shape.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">Byte after the last.</param>
internal sealed record SafetensorsEntry(TensorInfo Info, long Begin, long End);
