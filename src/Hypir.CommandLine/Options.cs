using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Hypir.CommandLine;

/// <summary>Creates the options of both programs. An invalid value is a parse error that names the option, never an exception.</summary>
public static class Options
{
    /// <summary>An option for a path, a name, or a URL; null if not given.</summary>
    public static Option<string?> Text(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = value, Description = description };

    /// <summary>A required option for a path or a name.</summary>
    public static Option<string> Required(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = value, Description = description, Required = true };

    /// <summary>An option for text that may be empty, such as a prompt; null if not given.</summary>
    public static Option<string?> AnyText(string name, string value, string description) =>
        new FreeText(name) { HelpName = value, Description = description };

    /// <summary>An option for a path or a name that may be given several times.</summary>
    public static Option<string[]> Several(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, DefaultValueFactory = _ => [] };

    /// <summary>A flag.</summary>
    public static Option<bool> Flag(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description };

    /// <summary>The option of commands that print only results and errors.</summary>
    public static Option<bool> Verbose() => Flag("--verbose", "Show stack traces with errors.", "-v");

    /// <summary>An option with a fixed set of values; null if not given.</summary>
    public static Option<string?> OneOf(string name, string description, params string[] words) =>
        Parsed<string?>(name, string.Join('|', words), description,
        $"one of {string.Join(", ", words)}", token => words.Contains(token, StringComparer.Ordinal) ? (true, token) : default);

    /// <summary>An option for a number in a range; null if not given.</summary>
    public static Option<T?> Number<T>(string name, string value, string description, T least, T most)
        where T : struct, INumber<T>
    {
        bool whole = typeof(T).GetInterfaces()
            .Any(kind => kind.IsGenericType && kind.GetGenericTypeDefinition() == typeof(IBinaryInteger<>));
        string range = string.Create(CultureInfo.InvariantCulture, $"a {(whole ? "whole " : "")}number from {least} to {most}");
        // The range check also rejects NaN and infinity.
        return Parsed<T?>(name, value, description, range, token =>
            T.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out T number) && number >= least && number <= most
                ? (true, number) : default);
    }

    /// <summary>The option that selects the device; null if not given.</summary>
    public static Option<string?> Device(string description) =>
        Parsed<string?>("--device", "auto|cpu|cuda[:N]", description, "auto, cpu, cuda or cuda:N", token =>
            DeviceName.Parse(token) is { Kind: DeviceKind.Auto or DeviceKind.Cpu or DeviceKind.Cuda } ? (true, token) : default);

    /// <summary>The option that selects a device of any kind, GPUs of every vendor among them; null if not given.</summary>
    public static Option<string?> AnyDevice(string description) =>
        Parsed<string?>(
            "--device", "auto|cpu|gpu|cuda[:N]|webgpu[:N]|directml[:N]", description, $"one of {DeviceName.All}",
            token => DeviceName.Parse(token) is not null ? (true, token) : default);

    /// <summary>An option for a size such as 800M, 6G, or 12GB, in bytes; null if not given.</summary>
    public static Option<long?> Size(string name, string description) =>
        Parsed<long?>(name, "SIZE", description, "a size such as 800M or 6G", token =>
        Quantity(token.TrimEnd('B', 'b'), ("M", 1 << 20), ("G", 1 << 30)) is { } bytes ? (true, (long)bytes) : default);

    /// <summary>An option for a time such as 30s, 10m, or 2h; null if not given.</summary>
    public static Option<TimeSpan?> Time(string name, string description) =>
        Parsed<TimeSpan?>(name, "TIME", description, "a time such as 30s, 10m or 2h", token =>
        Quantity(token, ("s", 1), ("m", 60), ("h", 3600)) is { } seconds ? (true, TimeSpan.FromSeconds(seconds)) : default);

    /// <summary>An option with a custom parser; null if not given.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="value">The name of the value in the help.</param>
    /// <param name="description">The description in the help.</param>
    /// <param name="expected">What a value must be, for the error message.</param>
    /// <param name="read">Parses a value and returns whether it is valid. Must not throw.</param>
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

/// <summary>An option for any text, including empty text; null if not given.</summary>
/// <param name="name">The option's name.</param>
public sealed class FreeText(string name) : Option<string?>(name);
