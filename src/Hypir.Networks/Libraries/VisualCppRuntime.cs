using System.Text.RegularExpressions;

namespace Hypir.Networks.Libraries;

/// <summary>Microsoft's Visual C++ runtime, which libtorch needs and Windows does not include.</summary>
public static partial class VisualCppRuntime
{
    /// <summary>The download address.</summary>
    public const string Address = "https://aka.ms/vs/17/release/vc_redist.x64.exe";

    /// <summary>The remedy if it is missing.</summary>
    public const string Remedy = $"Install the Microsoft Visual C++ Redistributable (x64): {Address}";

    /// <summary>Whether a library belongs to it.</summary>
    /// <param name="name">Its file name.</param>
    public static bool Has(string name) => Name().IsMatch(name);

    [GeneratedRegex(
        @"^(concrt|msvcp|vcamp|vccorlib|vcomp|vcruntime)\d{3}(_\w+)*\.dll$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
