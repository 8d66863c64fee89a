using System.Reflection;

namespace Hypir.Engine.Plugins;

/// <summary>
/// The plug-in's files: locates them next to the program, and installs all of them or none into Paint.NET's folder.
/// </summary>
/// <param name="source">The folder to copy from.</param>
/// <param name="program">The program's folder, where the plug-in finds its engine.</param>
internal sealed class PluginFiles(string source, string program)
{
    private const string Library = "Hypir.PdnEffect.dll";

    /// <summary>The files next to this program.</summary>
    public static PluginFiles OfThisProgram(string? source) =>
        new(source ?? Path.Combine(AppContext.BaseDirectory, "plugin"), AppContext.BaseDirectory);

    /// <summary>The version that would be installed, or null if the files are missing.</summary>
    public Version? Version => VersionIn(source);

    /// <summary>The version installed in a place, or null if there is none.</summary>
    public static Version? VersionOf(PluginPlace place) => VersionIn(place.Folder);

    /// <summary>Installs the plug-in in a place, replacing an older version.</summary>
    /// <exception cref="PluginException">The files are missing, the place is not writable, or Paint.NET has it open.</exception>
    public void Install(PluginPlace place)
    {
        if (Version is null)
            throw new PluginException($"The plug-in is not in {source}.", "Install Hypir with its plug-in, or unpack its whole archive.");
        // In the same folder, so that the last step is only a rename.
        string coming = Path.Combine(place.Effects, $"Hypir.{Environment.ProcessId}.new");
        Change(place, () =>
        {
            Directory.CreateDirectory(coming);
            foreach (string file in Directory.GetFiles(source))
                File.Copy(file, Path.Combine(coming, Path.GetFileName(file)));
            File.WriteAllText(Path.Combine(coming, Defaults.EnginePointer), program);
            Discard(place);
            Directory.Move(coming, place.Folder);
        }, coming);
    }

    /// <summary>Removes the plug-in from a place.</summary>
    /// <returns>Whether it was installed.</returns>
    /// <exception cref="PluginException">The place is not writable, or Paint.NET has it open.</exception>
    public static bool Remove(PluginPlace place)
    {
        if (VersionOf(place) is null)
            return false;
        Change(place, () => Discard(place), null);
        return true;
    }

    /// <summary>Removes an existing installation. It is renamed first, which fails atomically while any of its files is open.</summary>
    private static void Discard(PluginPlace place)
    {
        if (!Directory.Exists(place.Folder))
            return;
        if (VersionOf(place) is null && Directory.EnumerateFileSystemEntries(place.Folder).Any())
            throw new PluginException($"{place.Folder} contains something other than this plug-in.", "Move it away first.");
        string old = Path.Combine(place.Effects, $"Hypir.{Environment.ProcessId}.old");
        Directory.Move(place.Folder, old);
        Directory.Delete(old, recursive: true);
    }

    private static void Change(PluginPlace place, Action change, string? temporary)
    {
        try
        {
            change();
        }
        catch (UnauthorizedAccessException failure) when (VersionOf(place) is null || CannotWrite(place.Effects))
        {
            throw new PluginException(
                $"{place.Effects} is not writable: {place.Editor} belongs to all users.",
                "Administrator rights are needed: answer yes when asked, or run with --elevate.", failure)
            {
                NeedsAdministrator = true,
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PluginException($"{place.Folder} cannot be changed: {failure.Message}", "Close Paint.NET and run again.", failure);
        }
        finally
        {
            if (temporary is not null && Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }

    private static bool CannotWrite(string folder)
    {
        string probe = Path.Combine(folder, $"Hypir.{Environment.ProcessId}.probe");
        try
        {
            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static Version? VersionIn(string folder)
    {
        string path = Path.Combine(folder, Library);
        try
        {
            return File.Exists(path) ? AssemblyName.GetAssemblyName(path).Version : null;
        }
        catch (BadImageFormatException)
        {
            return new Version(0, 0, 0, 0); // The target exists: replace it.
        }
    }
}

/// <summary>The plug-in cannot be installed or removed.</summary>
/// <param name="message">The reason.</param>
/// <param name="remedy">The remedy.</param>
/// <param name="inner">The cause.</param>
internal sealed class PluginException(string message, string? remedy = null, Exception? inner = null)
    : HypirException(message, remedy, inner)
{
    /// <summary>Whether only administrator rights are missing.</summary>
    public bool NeedsAdministrator { get; init; }
}

/// <summary>Describes the state of a plug-in.</summary>
internal static class PluginWords
{
    /// <summary>Compares a plug-in's version with the engine's.</summary>
    /// <param name="plugin">The plug-in's version, or null if it is not installed.</param>
    /// <param name="engine">The engine's version.</param>
    public static string Of(Version? plugin, Version engine) =>
        plugin switch
        {
            null => "not installed",
            _ when plugin.Equals(engine) => $"installed, version {plugin.ToString(3)}",
            _ =>
                $"installed, but version {plugin.ToString(3)} but this program is {engine.ToString(3)}: run `hypir plugin install`",
        };
}
