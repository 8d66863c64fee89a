using System.Runtime.Versioning;
using Microsoft.Win32;

namespace Hypir.Engine.Plugins;

/// <summary>Finds where plug-ins of Paint.NET belong.</summary>
internal static class PluginPlaces
{
    /// <summary>The folder of all that a Paint.NET without rights on its own folder keeps.</summary>
    private const string AppFiles = "paint.net App Files";
    private const string Program = "paintdotnet.exe";

    /// <summary>The places of a machine.</summary>
    /// <param name="traces">What its registry tells.</param>
    public static IReadOnlyList<PluginPlace> Find(PdnTraces traces)
    {
        List<PluginPlace> places = [];
        if (traces.AllUsers is { } shared && Directory.Exists(shared))
            places.Add(new($"Paint.NET for all users, {shared}", Path.Combine(shared, "Effects"), AllUsers: true));
        string own = Path.Combine(traces.Documents, AppFiles);
        // The folder alone tells of a Paint.NET as well: it makes it when it is first started.
        if ((traces.ThisUser is { } folder && Directory.Exists(folder)) || Directory.Exists(own))
            places.Add(new("Paint.NET of this user (Microsoft Store, or installed just for me)", Path.Combine(own, "Effects")));
        return places;
    }

    /// <summary>
    /// The place that a person names: a Paint.NET's folder, its folder of plug-ins, or the folder <c>paint.net App Files</c>.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="PluginException">It is none of these.</exception>
    public static PluginPlace Named(string folder)
    {
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), name = Path.GetFileName(place);
        if (!Directory.Exists(place))
            throw new PluginException($"{folder} does not exist.", $"Name the folder that {Program} lies in.");
        if (File.Exists(Path.Combine(place, Program)))
            return new($"Paint.NET in {place}", Path.Combine(place, "Effects"));
        return name.Equals("Effects", StringComparison.OrdinalIgnoreCase) ? new($"Paint.NET of {place}", place)
            : name.Equals(AppFiles, StringComparison.OrdinalIgnoreCase) ? new("Paint.NET of this user", Path.Combine(place, "Effects"))
            : throw new PluginException(
                $"{place} is no folder of Paint.NET: {Program} is not in it.",
                $"Name the folder that {Program} lies in, or its folder Effects.");
    }
}

/// <summary>A Paint.NET, and the folder in which it looks for plug-ins.</summary>
/// <param name="Editor">Which Paint.NET, for people.</param>
/// <param name="Effects">Its folder of plug-ins, which may not exist yet.</param>
/// <param name="AllUsers">Whether all users of the machine share it: only an administrator may change it.</param>
internal sealed record PluginPlace(string Editor, string Effects, bool AllUsers = false)
{
    /// <summary>The plug-in's own folder.</summary>
    public string Folder => Path.Combine(Effects, "Hypir");
}

/// <summary>What a machine's registry tells of Paint.NET.</summary>
/// <param name="AllUsers">Folder of the Paint.NET that is installed for all users, or null.</param>
/// <param name="ThisUser">Folder of the Paint.NET that this user has installed, from the Store or "just for me", or null.</param>
/// <param name="Documents">The user's folder of documents, wherever it was moved to.</param>
internal sealed record PdnTraces(string? AllUsers, string? ThisUser, string Documents)
{
    private const string Product = @"SOFTWARE\paint.net";
    private const string Folders = @"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders";
    private const string Packages =
        @"Software\Classes\Local Settings\Software\Microsoft\Windows\CurrentVersion\AppModel\Repository\Packages";
    private const string StorePackage = "dotPDNLLC.paint.net_";

    /// <summary>Reads them out of registry values.</summary>
    /// <param name="values">Values by <c>HIVE\key\name</c>, as the registry has them.</param>
    /// <param name="expand">Replaces environment variables such as <c>%USERPROFILE%</c>.</param>
    public static PdnTraces Of(IReadOnlyDictionary<string, string> values, Func<string, string> expand)
    {
        string? store = values
            .FirstOrDefault(pair => pair.Key.StartsWith($@"HKCU\{Packages}\{StorePackage}", StringComparison.OrdinalIgnoreCase))
            .Value;
        return new(
            Get($@"HKLM\{Product}\TARGETDIR"),
            store ?? Get($@"HKCU\{Product}\TARGETDIR"),
            Get($@"HKCU\{Folders}\Personal") is { } moved ? expand(moved) : expand(Path.Combine("%USERPROFILE%", "Documents")));

        string? Get(string name) => values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>Those of this machine.</summary>
    [SupportedOSPlatform("windows")]
    public static PdnTraces Read()
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // Paint.NET is a program of 64 bits, and so is this one; the view is named so that it does not matter.
        using var machine = RegistryKey.OpenBaseKey(RegistryHive.LocalMachine, RegistryView.Registry64);
        using var user = RegistryKey.OpenBaseKey(RegistryHive.CurrentUser, RegistryView.Registry64);
        Take(machine, "HKLM", Product, "TARGETDIR");
        Take(user, "HKCU", Product, "TARGETDIR");
        Take(user, "HKCU", Folders, "Personal");
        using var packages = user.OpenSubKey(Packages);
        foreach (
            string package in packages?.GetSubKeyNames().Where(name => name.StartsWith(StorePackage, StringComparison.OrdinalIgnoreCase))
                ?? []
        )
            Take(user, "HKCU", $@"{Packages}\{package}", "PackageRootFolder");
        return Of(values, Environment.ExpandEnvironmentVariables);

        void Take(RegistryKey hive, string name, string key, string value)
        {
            using var open = hive.OpenSubKey(key);
            if (open?.GetValue(value, null, RegistryValueOptions.DoNotExpandEnvironmentNames) is string text)
                values[$@"{name}\{key}\{value}"] = text;
        }
    }
}
