namespace Hypir.PdnEffect.ViewModel;

/// <summary>What the dialog says of itself.</summary>
internal static class Texts
{
    public const string Ready = "Press Restore to begin.";
    public const string Connecting = "Starting the engine…";
    public const string Starting = "Starting…";
    public const string Stopping = "Stopping…";
    public const string Stopped = "Stopped.";
    public const string Shown = "The canvas shows the result.";
    public const string Outdated = "The canvas shows the result of other settings. Press Restore for these.";
    public const string Unresponsive = "The engine does not answer any more. Wait, or press Stop to end it.";
    public const string Slow = "The engine takes much longer than expected: the computer is busy, or the computation hangs. Wait, or press Stop.";
    public const string NoModel = "The engine has no model that can be used.";
    public const string NoModelAction = "Install Hypir again, or add a model with \"hypir models pull\".";
}
