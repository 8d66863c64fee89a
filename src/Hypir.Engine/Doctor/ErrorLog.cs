using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hypir.Core.Files;

namespace Hypir.Engine.Doctor;

/// <summary>
/// Recent failures on this machine, for <c>hypir doctor</c>: one JSON object per line, without personal data.
/// </summary>
/// <param name="path">The file. Errors in reading or writing it are ignored: a failure must not cause another one.</param>
internal sealed class ErrorLog(string path)
{
    private const int Most = 30, LongestTrace = 8000;

    /// <summary>Records a failure, except cancellations and usage errors.</summary>
    public void Remember(Exception failure)
    {
        if (failure is OperationCanceledException or UsageException)
            return;
        try
        {
            var hide = PrivateText.OfThisUser();
            string trace = hide.Hide(failure.ToString());
            string line = JsonSerializer.Serialize(new
            {
                time = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                version = typeof(ErrorLog).Assembly.GetName().Version?.ToString(3),
                type = failure.GetType().Name,
                trace = trace.Length > LongestTrace ? trace[..LongestTrace] : trace,
            });
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var replacement = new FileReplacement(path);
            File.WriteAllLines(replacement.Temporary, Read().Append(line).TakeLast(Most));
            replacement.Keep();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The profile is read-only.
        }
    }

    /// <summary>The lines, newest last.</summary>
    public IReadOnlyList<string> Read()
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

/// <summary>Removes personal data from texts: home folder, user name, machine name, passwords in URLs.</summary>
/// <param name="home">The home folder.</param>
/// <param name="user">The user's name.</param>
/// <param name="machine">The machine's name.</param>
internal sealed partial class PrivateText(string home, string user, string machine)
{
    // Shorter names occur in too many words: removing them would make the text unreadable.
    private const int LeastName = 3;

    /// <summary>An instance for the current user.</summary>
    public static PrivateText OfThisUser() =>
        new(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Environment.UserName, Environment.MachineName);

    /// <summary>Returns the text without personal data.</summary>
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
        name.Length < LeastName
            ? text
            : Regex.Replace(text, $@"(?<![\p{{L}}\p{{N}}]){Regex.Escape(name)}(?![\p{{L}}\p{{N}}])", by, RegexOptions.IgnoreCase);

    [GeneratedRegex(@"://[^/\s@]+@")]
    private static partial Regex Password();
}
