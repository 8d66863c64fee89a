using System.Globalization;
using Hypir.Networks;

namespace Hypir.Engine.CommandLine;

/// <summary>Reads times and sizes with their units.</summary>
internal static class Quantity
{
    /// <summary>A time such as 30s, 10m or 2h; null where none is given.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static TimeSpan? Time(string option, string? text) => Read(option, text, "a time such as 30s, 10m or 2h", ("s", 1), ("m", 60), ("h", 3600)) is double seconds
        ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>A size such as 800M or 6G, in bytes; null where none is given.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static long? Size(string option, string? text) => (long?)Read(option, text, "a size such as 800M or 6G", ("M", 1 << 20), ("G", 1 << 30));

    private static double? Read(string option, string? text, string form, params (string Unit, double Factor)[] units)
    {
        if (text is null)
            return null;
        foreach ((string unit, double factor) in units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                && number is > 0 and < 1e6)
                return number * factor;
        }
        throw new UsageException($"{option} is {form}, not \"{text}\".");
    }
}
