using Hypir.Protocol.Transport;

namespace Hypir.Protocol.Client;

/// <summary>How a client behaves. The defaults are right for everybody but tests.</summary>
public sealed record EngineClientOptions
{
    /// <summary>The pipe's name.</summary>
    public string Pipe { get; init; } = PipeName.Default;

    /// <summary>What the engine's log calls this client.</summary>
    public string Name { get; init; } = "client";

    /// <summary>How long an engine that is started may take to answer.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an engine that accepts a connection may take to answer the first call.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an engine may be silent before it counts as unresponsive.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the answer of an engine that was told to cancel is waited for.</summary>
    public TimeSpan CancelPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Is told when the engine's health changes during a job; null where nobody wants to know.</summary>
    public IProgress<EngineHealth>? Health { get; init; }
}
