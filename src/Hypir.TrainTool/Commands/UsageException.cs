using Hypir.Networks;

namespace Hypir.TrainTool.Commands;

/// <summary>The command line asks for what cannot be.</summary>
internal sealed class UsageException(string message, string? remedy = null) : HypirException(message, remedy);
