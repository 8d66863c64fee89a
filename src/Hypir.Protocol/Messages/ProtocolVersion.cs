namespace Hypir.Protocol.Messages;

/// <summary>The version of what client and engine say to each other. docs/protocol.md describes it.</summary>
public static class ProtocolVersion
{
    /// <summary>This version. Fields and methods may be added within a version; anything else makes a new one.</summary>
    public const int Current = 1;
}
