using System.Runtime.Versioning;
using Microsoft.Win32;

namespace Hypir.Engine.Plugins;

/// <summary>Finds the folders for Paint.NET plug-ins.</summary>
internal static class PluginPlaces
{
    /// <summary>The data folder of a Paint.NET that cannot write to its own folder.</summary>
    private const string AppFiles = "paint.net App Files";
    private const string Program = "paintdotnet.exe";

    /// <summary>The places on a machine.</summary>
    /// <param name="traces">Paint.NET's entries in the registry.</param>
    public static IReadOnlyList<PluginPlace> Find(PdnTraces traces)
    {
        List<PluginPlace> places = [];
        if (traces.AllUsers is { } shared && Directory.Exists(shared))
            places.Add(new($"Paint.NET for all users, {shared}", Path.Combine(shared, "Effects"), AllUsers: true));
        string own = Path.Combine(traces.Documents, AppFiles);
        // The folder alone also indicates a Paint.NET, which creates it on first start.
        if ((traces.ThisUser is { } folder && Directory.Exists(folder)) || Directory.Exists(own))
            places.Add(new("Paint.NET of this user (Microsoft Store, or installed just for me)", Path.Combine(own, "Effects")));
        return places;
    }

    /// <summary>
    /// The place given by the user: a Paint.NET's folder, its plug-in folder, or the folder <c>paint.net App Files</c>.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="PluginException">The folder is none of these.</exception>
    public static PluginPlace Named(string folder)
    {
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), name = Path.GetFileName(place);
        if (!Directory.Exists(place))
            throw new PluginException($"{folder} does not exist.", $"Name the folder that contains {Program}.");
        if (File.Exists(Path.Combine(place, Program)))
            return new($"Paint.NET in {place}", Path.Combine(place, "Effects"));
        return name.Equals("Effects", StringComparison.OrdinalIgnoreCase) ? new($"Paint.NET of {place}", place)
            : name.Equals(AppFiles, StringComparison.OrdinalIgnoreCase) ? new("Paint.NET of this user", Path.Combine(place, "Effects"))
            : throw new PluginException(
                $"{place} is not a Paint.NET folder: it does not contain {Program}.",
                $"Name the folder that contains {Program}, or its Effects folder.");
    }
}

/// <summary>A Paint.NET and its plug-in folder.</summary>
/// <param name="Editor">A description of the Paint.NET, for display.</param>
/// <param name="Effects">Its plug-in folder, which may not exist yet.</param>
/// <param name="AllUsers">Whether it is installed for all users, so that only an administrator can change it.</param>
internal sealed record PluginPlace(string Editor, string Effects, bool AllUsers = false)
{
    /// <summary>The plug-in's own folder.</summary>
    public string Folder => Path.Combine(Effects, "Hypir");
}

/// <summary>Paint.NET's entries in the registry.</summary>
/// <param name="AllUsers">Folder of the Paint.NET that is installed for all users, or null.</param>
/// <param name="ThisUser">Folder of the Paint.NET that this user has installed, from the Store or "just for me", or null.</param>
/// <param name="Documents">The user's Documents folder, which may have been moved.</param>
internal sealed record PdnTraces(string? AllUsers, string? ThisUser, string Documents)
{
    private const string Product = @"SOFTWARE\paint.net";
    private const string Folders = @"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders";
    private const string Packages =
        @"Software\Classes\Local Settings\Software\Microsoft\Windows\CurrentVersion\AppModel\Repository\Packages";
    private const string StorePackage = "dotPDNLLC.paint.net_";

    /// <summary>Extracts them from registry values.</summary>
    /// <param name="values">Registry values by <c>HIVE\key ame</c>.</param>
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

    /// <summary>The entries of this machine.</summary>
    [SupportedOSPlatform("windows")]
    public static PdnTraces Read()
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // Paint.NET is 64-bit and so is this program; the explicit view makes the lookup independent of that.
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
