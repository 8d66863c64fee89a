using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Hypir.Engine.CommandLine;

/// <summary>Makes options whose mistakes are told in whole sentences.</summary>
internal static class Options
{
    /// <summary>An option with a text.</summary>
    public static Option<string?> Text(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = value, Description = description };

    /// <summary>An option that is there or not.</summary>
    public static Option<bool> Flag(string name, string description, params string[] aliases) => new(name, aliases) { Description = description };

    /// <summary>The option of commands that tell no more than errors.</summary>
    public static Option<bool> Verbose() => Flag("--verbose", "With errors, tell where in the program they came from.", "-v");

    /// <summary>An option with one of a few words; null where it is not given.</summary>
    public static Option<string?> OneOf(string name, string description, params string[] words) => new(name)
    {
        HelpName = string.Join('|', words),
        Description = description,
        CustomParser = result =>
        {
            string token = result.Tokens[0].Value;
            if (!words.Contains(token, StringComparer.Ordinal))
                result.AddError($"{name} is one of {string.Join(", ", words)}, not \"{token}\".");
            return token;
        },
    };

    /// <summary>An option with a number in a range; null where it is not given.</summary>
    public static Option<T?> Number<T>(string name, string value, string description, T least, T most)
        where T : struct, INumber<T> => new(name)
        {
            HelpName = value,
            Description = description,
            CustomParser = result =>
            {
                string token = result.Tokens[0].Value;
                if (T.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out T number) && number >= least && number <= most)
                    return number;
                result.AddError($"{name} is a number from {least} to {most}, not \"{token}\".");
                return null;
            },
        };
}
