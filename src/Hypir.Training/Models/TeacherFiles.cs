using System.Globalization;

namespace Hypir.Training.Models;

/// <summary>The files of a teacher: one, or two of the same network that are mixed.</summary>
/// <param name="First">The file.</param>
/// <param name="Second">What is mixed into it; null for nothing.</param>
/// <param name="SecondShare">The share of the second, 0 to 1.</param>
internal sealed record TeacherFiles(string First, string? Second, double SecondShare)
{
    /// <summary>No teacher.</summary>
    public static TeacherFiles None { get; } = new("", null, 0);

    /// <summary>Whether there is none.</summary>
    public bool IsNone => First.Length == 0;

    /// <summary>Reads a list.</summary>
    /// <param name="files">Nothing, FILE, or two of FILE=SHARE whose shares add up to 1.</param>
    /// <returns>The files; null if the list is invalid.</returns>
    public static TeacherFiles? Parse(IReadOnlyList<string> files)
    {
        if (files.Count == 0)
            return None;
        if (files.Count == 1)
            return files[0].Length > 0 ? new(files[0], null, 0) : null;
        return files.Count == 2 && Shared(files[0]) is var (first, share) && Shared(files[1]) is var (second, other)
            && Math.Abs(share + other - 1) < 1e-9
            ? new(first, second, other)
            : null;
    }

    private static (string File, double Share)? Shared(string text)
    {
        int at = text.LastIndexOf('=');
        return at > 0
            && double.TryParse(text.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double share)
            && share is >= 0 and <= 1
            ? (text[..at], share)
            : null;
    }
}
