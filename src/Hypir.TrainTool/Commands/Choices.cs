using System.CommandLine;

namespace Hypir.TrainTool.Commands;

/// <summary>Options with one of a few words.</summary>
internal static class Choices
{
    /// <summary>Makes an option; null where it is not given.</summary>
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
}
