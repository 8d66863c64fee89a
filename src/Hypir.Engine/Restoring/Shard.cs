using System.Globalization;

namespace Hypir.Engine.Restoring;

/// <summary>
/// One of several equal parts of a job, for as many processes. It depends on the images' names alone, not on what is done already: any part can be
/// started anywhere, at any time, again.
/// </summary>
/// <param name="Index">Which part, from 0.</param>
/// <param name="Count">How many there are.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>Reads "3/8".</summary>
    /// <returns>The part, or null where the text is none.</returns>
    public static Shard? Parse(string text) =>
        text.Split('/') is [var first, var second] && Number(first) is { } index && Number(second) is { } count && index < count ? new(index, count) : null;

    /// <summary>The images of this part. In the order of their names, each goes to the next part, so that parts differ by one image at most.</summary>
    public IReadOnlyList<ImageJob> Of(IEnumerable<ImageJob> pictures) =>
    [
        .. pictures
            // The same on every system.
            .OrderBy(picture => picture.Name.Replace('\\', '/'), StringComparer.Ordinal).ThenBy(picture => picture.Input, StringComparer.Ordinal)
            .Where((_, place) => place % Count == Index),
    ];

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    private static int? Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
