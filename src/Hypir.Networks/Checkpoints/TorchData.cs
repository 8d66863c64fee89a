namespace Hypir.Networks.Checkpoints;

/// <summary>Where the data of one storage lies.</summary>
/// <param name="Offset">First byte in the file; of no meaning where the entry is deflated.</param>
/// <param name="Entry">The zip entry that holds it; null in files that are no zip.</param>
internal sealed record TorchData(long Offset, ZipEntry? Entry);
