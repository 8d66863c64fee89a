namespace Hypir.PdnEffect.ViewModel;

/// <summary>What the dialog does.</summary>
public enum RunState
{
    /// <summary>Nothing.</summary>
    Idle,

    /// <summary>It asks the engine for its models; the dialog can be used.</summary>
    Connecting,

    /// <summary>A restoration runs.</summary>
    Running,

    /// <summary>A restoration is being stopped.</summary>
    Stopping,
}
