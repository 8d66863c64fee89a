namespace Hypir.Models.Store;

/// <summary>One file of a stored entry.</summary>
/// <param name="Path">Its place within the entry, with forward slashes; empty where the entry is a single file.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Its hash, or null where it was never computed (a linked file before its first check).</param>
/// <param name="Source">Where it came from, or null.</param>
/// <param name="Pinned">Whether the hash is only what was found here first, and was not known beforehand.</param>
public sealed record StoredFile(string Path, long Size, string? Sha256, string? Source = null, bool Pinned = false);
