namespace Hypir.Protocol.Client;

/// <summary>How an engine seems from outside.</summary>
public enum EngineHealth
{
    /// <summary>It shows signs of life.</summary>
    Well,

    /// <summary>It was silent for longer than <see cref="EngineClientOptions.SilenceLimit"/>: it hangs. The person may end it with <see cref="EngineClient.EndEngine"/>.</summary>
    Unresponsive,

    /// <summary>One block of a network takes over ten times what the plan expects: the computation hangs, or the machine is overloaded.</summary>
    SlowBlock,
}
