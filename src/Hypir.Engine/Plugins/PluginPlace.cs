namespace Hypir.Engine.Plugins;

/// <summary>A Paint.NET, and the folder in which it looks for plug-ins.</summary>
/// <param name="Editor">Which Paint.NET, for people.</param>
/// <param name="Effects">Its folder of plug-ins, which may not exist yet.</param>
/// <param name="AllUsers">Whether all users of the machine share it: only an administrator may change it.</param>
internal sealed record PluginPlace(string Editor, string Effects, bool AllUsers = false)
{
    /// <summary>The plug-in's own folder.</summary>
    public string Folder => Path.Combine(Effects, "Hypir");
}
