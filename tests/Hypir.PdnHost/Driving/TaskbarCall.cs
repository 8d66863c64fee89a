namespace Hypir.PdnHost.Driving;

/// <summary>What a task bar was told of a window's button.</summary>
/// <param name="Window">The window.</param>
/// <param name="State">The state (TBPF_…); null where it was told a value.</param>
/// <param name="Done">The value.</param>
/// <param name="Whole">What the value is of.</param>
internal readonly record struct TaskbarCall(nint Window, int? State, ulong Done, ulong Whole);
