namespace Hypir.Models.Download;

/// <summary>One file to download.</summary>
/// <param name="Target">Where it goes. While it is incomplete it is <c>Target.part</c>, and <c>Target.part.json</c> says of what.</param>
/// <param name="Sources">Addresses (http, https, file), in the order in which they are tried.</param>
/// <param name="Size">Bytes, or null where it is not known.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits, or null where it is not known.</param>
public sealed record DownloadRequest(string Target, IReadOnlyList<Uri> Sources, long? Size, string? Sha256);
