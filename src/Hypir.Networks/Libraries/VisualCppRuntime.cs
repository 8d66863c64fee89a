using System.Text.RegularExpressions;

namespace Hypir.Networks.Libraries;

/// <summary>Microsoft's Visual C++ runtime: libtorch needs it, and Windows does not come with it.</summary>
public static partial class VisualCppRuntime
{
    /// <summary>Where to get it.</summary>
    public const string Address = "https://aka.ms/vs/17/release/vc_redist.x64.exe";

    /// <summary>What to do where it is missing.</summary>
    public const string Remedy = $"Install the Microsoft Visual C++ Redistributable (x64): {Address}";

    /// <summary>Whether a library belongs to it.</summary>
    /// <param name="name">Its file name.</param>
    public static bool Has(string name) => Name().IsMatch(name);

    [GeneratedRegex(
        @"^(concrt|msvcp|vcamp|vccorlib|vcomp|vcruntime)\d{3}(_\w+)*\.dll$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
