using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Hypir.CommandLine;

/// <summary>Makes the options of both programs. A wrong value is a parse error that names the option, never an exception.</summary>
public static class Options
{
    /// <summary>An option with a path, a name or an address; null where it is not given.</summary>
    public static Option<string?> Text(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = value, Description = description };

    /// <summary>An option with a path or a name that must be given.</summary>
    public static Option<string> Required(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = value, Description = description, Required = true };

    /// <summary>An option with words that may also be none at all, such as a prompt; null where it is not given.</summary>
    public static Option<string?> AnyText(string name, string value, string description) =>
        new FreeText(name) { HelpName = value, Description = description };

    /// <summary>An option with a path or a name that may be given several times.</summary>
    public static Option<string[]> Several(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, DefaultValueFactory = _ => [] };

    /// <summary>An option that is there or not.</summary>
    public static Option<bool> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description };

    /// <summary>The option of commands that print nothing but results and errors.</summary>
    public static Option<bool> Verbose() => Flag("--verbose", "With errors, tell where in the program they came from.", "-v");

    /// <summary>An option with one of a few words; null where it is not given.</summary>
    public static Option<string?> OneOf(string name, string description, params string[] words) =>
        Parsed<string?>(name, string.Join('|', words), description,
        $"one of {string.Join(", ", words)}", token => words.Contains(token, StringComparer.Ordinal) ? (true, token) : default);

    /// <summary>An option with a number in a range; null where it is not given.</summary>
    public static Option<T?> Number<T>(string name, string value, string description, T least, T most)
        where T : struct, INumber<T>
    {
        bool whole = typeof(T).GetInterfaces()
            .Any(kind => kind.IsGenericType && kind.GetGenericTypeDefinition() == typeof(IBinaryInteger<>));
        string range = string.Create(CultureInfo.InvariantCulture, $"a {(whole ? "whole " : "")}number from {least} to {most}");
        // The range also keeps out what is no number and what is infinite.
        return Parsed<T?>(name, value, description, range, token =>
            T.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out T number) && number >= least && number <= most
                ? (true, number) : default);
    }

    /// <summary>The option that chooses where to compute; null where it is not given.</summary>
    public static Option<string?> Device(string description) =>
        Parsed<string?>("--device", "auto|cpu|cuda[:N]", description, "auto, cpu, cuda or cuda:N", token =>
        token is "auto" or "cpu" or "cuda" || (token.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(token.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? (true, token) : default);

    /// <summary>An option with a size such as 800M, 6G or 12GB, in bytes; null where it is not given.</summary>
    public static Option<long?> Size(string name, string description) =>
        Parsed<long?>(name, "SIZE", description, "a size such as 800M or 6G", token =>
        Quantity(token.TrimEnd('B', 'b'), ("M", 1 << 20), ("G", 1 << 30)) is { } bytes ? (true, (long)bytes) : default);

    /// <summary>An option with a time such as 30s, 10m or 2h; null where it is not given.</summary>
    public static Option<TimeSpan?> Time(string name, string description) =>
        Parsed<TimeSpan?>(name, "TIME", description, "a time such as 30s, 10m or 2h", token =>
        Quantity(token, ("s", 1), ("m", 60), ("h", 3600)) is { } seconds ? (true, TimeSpan.FromSeconds(seconds)) : default);

    /// <summary>An option whose value is read from its text; null where it is not given.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">What its help calls the value.</param>
    /// <param name="description">What its help says.</param>
    /// <param name="expected">What a value must be, for the message about one that is not.</param>
    /// <param name="read">Reads a value, and says whether it is one. Must not throw.</param>
    public static Option<T> Parsed<T>(string name, string value, string description, string expected,
        Func<string, (bool Valid, T Value)> read) => new(name)
        {
            HelpName = value,
            Description = description,
            CustomParser = result =>
            {
                string token = result.Tokens is [var first, ..] ? first.Value : "";
                var (valid, found) = read(token);
                if (!valid)
                    result.AddError($"{name} must be {expected}, not \"{token}\".");
                return found;
            },
        };

    private static double? Quantity(string text, params (string Unit, double Factor)[] units)
    {
        foreach ((string unit, double factor) in units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                    out double number)
                && number is > 0 and < 1e6)
                return number * factor;
        }
        return null;
    }
}

/// <summary>An option with any text, the empty one included; null where it is not given.</summary>
/// <param name="name">Its name.</param>
public sealed class FreeText(string name) : Option<string?>(name);
