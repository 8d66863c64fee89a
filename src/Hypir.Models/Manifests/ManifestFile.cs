namespace Hypir.Models.Manifests;

/// <summary>One file of an entry.</summary>
/// <param name="Path">Its place within the entry, with forward slashes.</param>
/// <param name="Size">Bytes, or null where it is not known.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits, or null where it is unverified: then the first download is what later ones are held to.</param>
/// <param name="Sources">Where it can be had, in the order in which they are tried. File addresses stand for folders on this machine.</param>
public sealed record ManifestFile(string Path, long? Size, string? Sha256, IReadOnlyList<Uri> Sources);
