namespace Hypir.Engine.Plugins;

/// <summary>The plug-in cannot be put where it belongs, or taken from there.</summary>
/// <param name="message">Why.</param>
/// <param name="remedy">What to do.</param>
/// <param name="inner">The cause.</param>
internal sealed class PluginException(string message, string? remedy = null, Exception? inner = null) : HypirException(message, remedy, inner)
{
    /// <summary>Whether only the rights are missing.</summary>
    public bool NeedsAdministrator { get; init; }
}
