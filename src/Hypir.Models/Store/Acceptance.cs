namespace Hypir.Models.Store;

/// <summary>That a licence was shown and accepted.</summary>
/// <param name="Accepted">When, in UTC.</param>
/// <param name="TextSha256">Hash of the text that was shown: another text is asked for again.</param>
public sealed record Acceptance(DateTimeOffset Accepted, string TextSha256);
