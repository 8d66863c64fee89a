namespace Hypir.Networks.Checkpoints;

/// <summary>Parts of messages that come out of files which nobody can trust.</summary>
internal static class Messages
{
    private const int MaxLength = 80;

    /// <summary>The text in quotation marks, without control characters, shortened where it is long.</summary>
    public static string Quote(string text)
    {
        string shown = text.Length <= MaxLength ? text : text[..MaxLength] + "…";
        return $"\"{string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))}\"";
    }
}
