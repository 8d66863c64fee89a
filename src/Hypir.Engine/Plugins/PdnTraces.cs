using System.Runtime.Versioning;
using Microsoft.Win32;

namespace Hypir.Engine.Plugins;

/// <summary>What a machine's registry tells of Paint.NET.</summary>
/// <param name="AllUsers">Folder of the Paint.NET that is installed for all users, or null.</param>
/// <param name="ThisUser">Folder of the Paint.NET that this user has installed, from the Store or "just for me", or null.</param>
/// <param name="Documents">The user's folder of documents, wherever it was moved to.</param>
internal sealed record PdnTraces(string? AllUsers, string? ThisUser, string Documents)
{
    private const string Product = @"SOFTWARE\paint.net";
    private const string Folders = @"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders";
    private const string Packages = @"Software\Classes\Local Settings\Software\Microsoft\Windows\CurrentVersion\AppModel\Repository\Packages";
    private const string StorePackage = "dotPDNLLC.paint.net_";

    /// <summary>Reads them out of registry values.</summary>
    /// <param name="values">Values by <c>HIVE\key\name</c>, as the registry has them.</param>
    /// <param name="expand">Replaces environment variables such as <c>%USERPROFILE%</c>.</param>
    public static PdnTraces Of(IReadOnlyDictionary<string, string> values, Func<string, string> expand)
    {
        string? store = values.FirstOrDefault(pair => pair.Key.StartsWith($@"HKCU\{Packages}\{StorePackage}", StringComparison.OrdinalIgnoreCase)).Value;
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
        foreach (string package in packages?.GetSubKeyNames().Where(name => name.StartsWith(StorePackage, StringComparison.OrdinalIgnoreCase)) ?? [])
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
