namespace Hypir.Models.Download;

/// <summary>What a source gives: bytes from some place of the file on.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="Start">Place of the first one in the file.</param>
/// <param name="Notes">What the file is, as the source says.</param>
/// <param name="Owner">Is disposed with the answer.</param>
internal sealed record SourceResponse(Stream Content, long Start, PartNotes Notes, IDisposable? Owner) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Content.Dispose();
        Owner?.Dispose();
    }
}
