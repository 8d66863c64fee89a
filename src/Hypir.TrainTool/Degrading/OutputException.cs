using Hypir.Networks;

namespace Hypir.TrainTool.Degrading;

/// <summary>A result cannot be written: it is no use to go on.</summary>
internal sealed class OutputException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner);
