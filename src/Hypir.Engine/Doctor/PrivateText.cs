using System.Text.RegularExpressions;

namespace Hypir.Engine.Doctor;

/// <summary>Takes out of texts what says who a person is: home folder, user name, machine name, passwords in addresses.</summary>
/// <param name="home">The home folder.</param>
/// <param name="user">The user's name.</param>
/// <param name="machine">The machine's name.</param>
internal sealed partial class PrivateText(string home, string user, string machine)
{
    // A shorter name stands in too many words to be taken out of a text that is still to be read.
    private const int LeastName = 3;

    /// <summary>What this person's texts are to be freed of.</summary>
    public static PrivateText OfThisUser() => new(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Environment.UserName, Environment.MachineName);

    /// <summary>The text without it.</summary>
    public string Hide(string text)
    {
        text = Password().Replace(text, "://***@");
        foreach (string folder in (string[])[home, home.Replace('\\', '/'), home.Replace(@"\", @"\\", StringComparison.Ordinal)])
        {
            if (folder.Length >= LeastName)
                text = text.Replace(folder, "~", StringComparison.OrdinalIgnoreCase);
        }

        return HideName(HideName(text, user, "<user>"), machine, "<machine>");
    }

    private static string HideName(string text, string name, string by) =>
        name.Length < LeastName ? text : Regex.Replace(text, $@"(?<![\p{{L}}\p{{N}}]){Regex.Escape(name)}(?![\p{{L}}\p{{N}}])", by, RegexOptions.IgnoreCase);

    [GeneratedRegex(@"://[^/\s@]+@")]
    private static partial Regex Password();
}
