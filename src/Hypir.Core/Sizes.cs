using System.Globalization;

namespace Hypir.Core;

/// <summary>Amounts of bytes in words.</summary>
public static class Sizes
{
    /// <summary>"346 bytes", "1.1 MB", "3.46 GB": powers of ten, as disks and hosts count.</summary>
    public static string Of(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };
}
