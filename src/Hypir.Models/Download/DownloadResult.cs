namespace Hypir.Models.Download;

/// <summary>A file that is whole.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits, computed here.</param>
/// <param name="Source">Where the last of it came from; null where it was there already.</param>
public sealed record DownloadResult(long Size, string Sha256, Uri? Source);
