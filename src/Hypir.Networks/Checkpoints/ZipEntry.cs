namespace Hypir.Networks.Checkpoints;

/// <summary>One file of a zip, its place checked.</summary>
/// <param name="Name">Path in the zip, with forward slashes.</param>
/// <param name="Deflated">Compressed with deflate; otherwise stored as it is.</param>
/// <param name="Crc">CRC-32 of the content.</param>
/// <param name="PackedSize">Bytes in the zip.</param>
/// <param name="Size">Bytes of the content.</param>
/// <param name="Offset">Where the bytes begin in the zip.</param>
internal sealed record ZipEntry(string Name, bool Deflated, uint Crc, long PackedSize, long Size, long Offset);
