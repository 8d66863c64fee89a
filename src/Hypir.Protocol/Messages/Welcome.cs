namespace Hypir.Protocol.Messages;

/// <summary>The engine's side of the handshake.</summary>
/// <param name="Protocol">The engine's protocol version.</param>
/// <param name="Version">The engine's version, for people.</param>
/// <param name="ProcessId">The engine's process.</param>
/// <param name="PixelFolder">The folder in which pixel files are exchanged; only this user can read it.</param>
/// <param name="LogFile">The file the engine writes its log to.</param>
/// <param name="HeartbeatSeconds">Time between heartbeats.</param>
public sealed record Welcome(int Protocol, string Version, int ProcessId, string PixelFolder, string LogFile, double HeartbeatSeconds);
