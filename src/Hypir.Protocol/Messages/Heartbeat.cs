namespace Hypir.Protocol.Messages;

/// <summary>The notification <c>heartbeat</c>: sent every few seconds, whatever the computing thread does.</summary>
/// <param name="UptimeSeconds">Seconds since the engine started.</param>
/// <param name="BlockSeconds">How long the block has been computed that is under way; 0 where nothing is computed.</param>
/// <param name="PlannedBlockSeconds">How long the longest block of the plan should take, or null where this machine's speed is not known.</param>
public sealed record Heartbeat(double UptimeSeconds, double BlockSeconds = 0, double? PlannedBlockSeconds = null);
