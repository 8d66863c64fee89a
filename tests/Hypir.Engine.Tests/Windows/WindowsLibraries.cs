namespace Hypir.Engine.Tests.Windows;

/// <summary>The libraries that every Windows 10 and 11 (x64) comes with, as far as anything shipped here imports them.</summary>
internal static class WindowsLibraries
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "ADVAPI32.dll", "bcrypt.dll", "bcryptprimitives.dll", "CRYPT32.dll", "dbghelp.dll", "DNSAPI.dll",
        "imagehlp.dll", "IPHLPAPI.DLL", "KERNEL32.dll", "ntdll.dll", "ole32.dll", "OLEAUT32.dll", "PSAPI.DLL",
        "RPCRT4.dll", "Secur32.dll", "SHELL32.dll", "SHLWAPI.dll", "SSPICLI.DLL", "USER32.dll", "USERENV.dll",
        "VERSION.dll", "WINMM.dll", "WINTRUST.dll", "WS2_32.dll",
    };

    /// <summary>Whether Windows provides a library, the Universal C runtime and other API sets included.</summary>
    /// <param name="name">Its file name.</param>
    public static bool Have(string name) => name.StartsWith("api-ms-win-", StringComparison.OrdinalIgnoreCase) || Names.Contains(name);
}
