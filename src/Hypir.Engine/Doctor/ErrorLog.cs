using System.Globalization;
using System.Text.Json;
using Hypir.Core.Files;

namespace Hypir.Engine.Doctor;

/// <summary>The last failures on this machine, for <c>hypir doctor</c>: one JSON object a line, without what says who a person is.</summary>
/// <param name="path">The file. What cannot be read or written is as good as absent: a failure must not become two.</param>
internal sealed class ErrorLog(string path)
{
    private const int Most = 30, LongestTrace = 8000;

    /// <summary>Remembers a failure, except where it is only that something was cancelled or called wrongly.</summary>
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
            // A read-only profile.
        }
    }

    /// <summary>The lines, the newest last.</summary>
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
