namespace Hypir.Models.Backends;

/// <summary>What is remembered of a backend that was unpacked: its libraries lie beside this note.</summary>
/// <param name="Format">Version of the note, 1.</param>
/// <param name="Name">The backend's name.</param>
/// <param name="Title">What it is.</param>
/// <param name="Platform">The runtime that it is for.</param>
/// <param name="LibTorch">libtorch's version.</param>
/// <param name="Bytes">Size of the libraries.</param>
/// <param name="Archive">Name of the archive.</param>
/// <param name="Sha256">The archive's hash, computed here.</param>
/// <param name="Verified">Whether the hash was known before and is the same.</param>
/// <param name="Source">Where the archive came from, or null where it was here already.</param>
/// <param name="Added">When.</param>
public sealed record InstalledBackend(
    int Format, string Name, string Title, string Platform, string LibTorch, long Bytes, string Archive, string Sha256, bool Verified, string? Source, DateTimeOffset Added);
