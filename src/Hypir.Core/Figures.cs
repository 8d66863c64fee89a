using System.Globalization;

namespace Hypir.Core;

/// <summary>A unit of time in <see cref="PlanFigures"/>.</summary>
public enum PlanTimeUnit
{
    /// <summary>Seconds.</summary>
    Seconds,

    /// <summary>Minutes.</summary>
    Minutes,

    /// <summary>Hours.</summary>
    Hours,

    /// <summary>Days.</summary>
    Days,
}

/// <summary>
/// Memory and time figures of plans, formatted the same way in every program. A gigabyte (GB) is 10^9 bytes, as for files and downloads;
/// sizes that people type (<c>--memory-limit 6G</c>) are powers of two, as is usual on command lines.
/// </summary>
public static class PlanFigures
{
    private const double Minute = 60, Hour = 3600, Day = 86400;

    /// <summary>The number of gigabytes, without the unit: "0.42" below one, then "3.1".</summary>
    /// <param name="bytes">An amount of memory.</param>
    public static string Gigabytes(long bytes)
    {
        double gigabytes = bytes / 1e9;
        // A value that would round to 1.00 gets one decimal.
        return gigabytes < 0.995
            ? Math.Max(gigabytes, 0.01).ToString("0.00", CultureInfo.InvariantCulture)
            : gigabytes.ToString("0.0", CultureInfo.InvariantCulture);
    }

    /// <summary>An amount of memory: "0.42 GB", "3.1 GB".</summary>
    /// <param name="bytes">The amount.</param>
    public static string Memory(long bytes) => $"{Gigabytes(bytes)} GB";

    /// <summary>
    /// An expected time, rounded to what an estimate can support: steps of 5 seconds, then minutes, then tenths of hours and of days.
    /// </summary>
    /// <param name="seconds">The time.</param>
    public static (double Value, PlanTimeUnit Unit) Time(double seconds) => seconds switch
    {
        < 5 => (Math.Round(seconds, 1), PlanTimeUnit.Seconds),
        < 1.5 * Minute => (Math.Ceiling(seconds / 5) * 5, PlanTimeUnit.Seconds),
        < 90 * Minute => (Math.Round(seconds / Minute), PlanTimeUnit.Minutes),
        < 2 * Day => (Math.Round(seconds / Hour, 1), PlanTimeUnit.Hours),
        _ => (Math.Round(seconds / Day, 1), PlanTimeUnit.Days),
    };

    /// <summary>An expected time: "0.7 s", "25 s", "58 min", "2.5 h", "3.5 days".</summary>
    /// <param name="seconds">The time.</param>
    public static string Duration(double seconds)
    {
        (double value, PlanTimeUnit unit) = Time(seconds);
        string name = unit switch
        {
            PlanTimeUnit.Seconds => "s",
            PlanTimeUnit.Minutes => "min",
            PlanTimeUnit.Hours => "h",
            _ => "days",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {name}");
    }
}

/// <summary>Formats byte counts.</summary>
public static class Sizes
{
    /// <summary>"346 bytes", "1.1 MB", "3.46 GB": powers of ten, as disks and hosting sites use.</summary>
    public static string Of(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };
}
