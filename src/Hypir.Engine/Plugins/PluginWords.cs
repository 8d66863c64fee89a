namespace Hypir.Engine.Plugins;

/// <summary>What is said of a plug-in.</summary>
internal static class PluginWords
{
    /// <summary>How a plug-in stands to the engine that it asks.</summary>
    /// <param name="plugin">The plug-in's version, or null where there is none.</param>
    /// <param name="engine">The engine's.</param>
    public static string Of(Version? plugin, Version engine) => plugin switch
    {
        null => "not installed",
        _ when plugin.Equals(engine) => $"installed, version {plugin.ToString(3)}",
        _ => $"installed, but version {plugin.ToString(3)} where this program is {engine.ToString(3)}: `hypir plugin install` brings them to the same version",
    };
}
