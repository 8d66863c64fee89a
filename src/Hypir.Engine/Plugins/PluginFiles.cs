using System.Reflection;

namespace Hypir.Engine.Plugins;

/// <summary>
/// The plug-in's files: where they lie beside the program, and how they are put into a Paint.NET's folder so that it has all of them or
/// none.
/// </summary>
/// <param name="source">The folder that they are copied from.</param>
/// <param name="program">The program's folder, which the plug-in starts its engine from.</param>
internal sealed class PluginFiles(string source, string program)
{
    private const string Library = "Hypir.PdnEffect.dll";

    /// <summary>The files beside this program.</summary>
    public static PluginFiles OfThisProgram(string? source) =>
        new(source ?? Path.Combine(AppContext.BaseDirectory, "plugin"), AppContext.BaseDirectory);

    /// <summary>The version that would be installed, or null where the files are not here.</summary>
    public Version? Version => VersionIn(source);

    /// <summary>The version in a place, or null where there is none.</summary>
    public static Version? VersionOf(PluginPlace place) => VersionIn(place.Folder);

    /// <summary>Puts the plug-in into a place; an older one is replaced.</summary>
    /// <exception cref="PluginException">The files are not here, the place may not be written, or Paint.NET has it open.</exception>
    public void Install(PluginPlace place)
    {
        if (Version is null)
            throw new PluginException($"The plug-in is not in {source}.", "Install Hypir with its plug-in, or unpack all of its archive.");
        // Within the same folder, so that it is only renamed in the end.
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

    /// <summary>Takes the plug-in out of a place.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="PluginException">The place may not be written, or Paint.NET has it open.</exception>
    public static bool Remove(PluginPlace place)
    {
        if (VersionOf(place) is null)
            return false;
        Change(place, () => Discard(place), null);
        return true;
    }

    /// <summary>Takes away what is there: renamed first, which fails as a whole while a file of it is open.</summary>
    private static void Discard(PluginPlace place)
    {
        if (!Directory.Exists(place.Folder))
            return;
        if (VersionOf(place) is null && Directory.EnumerateFileSystemEntries(place.Folder).Any())
            throw new PluginException($"{place.Folder} holds something else than this plug-in.", "Move it away first.");
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
                $"{place.Effects} may not be written: {place.Editor} belongs to all users.",
                "An administrator can do it: answer yes when asked, or call with --elevate.", failure)
            {
                NeedsAdministrator = true,
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PluginException($"{place.Folder} cannot be changed: {failure.Message}", "Close Paint.NET and call again.", failure);
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
            return new Version(0, 0, 0, 0); // Something of that name is there: it can be replaced.
        }
    }
}

/// <summary>The plug-in cannot be put where it belongs, or taken from there.</summary>
/// <param name="message">Why.</param>
/// <param name="remedy">What to do.</param>
/// <param name="inner">The cause.</param>
internal sealed class PluginException(string message, string? remedy = null, Exception? inner = null)
    : HypirException(message, remedy, inner)
{
    /// <summary>Whether only the rights are missing.</summary>
    public bool NeedsAdministrator { get; init; }
}

/// <summary>What is said of a plug-in.</summary>
internal static class PluginWords
{
    /// <summary>How a plug-in stands to the engine that it asks.</summary>
    /// <param name="plugin">The plug-in's version, or null where there is none.</param>
    /// <param name="engine">The engine's.</param>
    public static string Of(Version? plugin, Version engine) =>
        plugin switch
        {
            null => "not installed",
            _ when plugin.Equals(engine) => $"installed, version {plugin.ToString(3)}",
            _ =>
                $"installed, but version {plugin.ToString(3)} where this program is {engine.ToString(3)}: `hypir plugin install` brings them to the same version",
        };
}
