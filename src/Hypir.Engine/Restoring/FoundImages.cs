

using Hypir.Imaging;

namespace Hypir.Engine.Restoring;

/// <summary>What the inputs of a call hold.</summary>
/// <param name="Pictures">The images.</param>
/// <param name="LeftOut">Files of folders that are pictures of kinds that are not read.</param>
/// <param name="Loops">Links to folders that were searched already.</param>
/// <param name="Unreadable">Folders that could not be searched.</param>
internal sealed record FoundImages(
    IReadOnlyList<ImageJob> Pictures, IReadOnlyList<string> LeftOut, IReadOnlyList<string> Loops, IReadOnlyList<ImageException> Unreadable)
{
    /// <summary>The part of the images that a shard is to do. The first shard tells of what was left out.</summary>
    public FoundImages Of(Shard? shard) => shard is null ? this
        : shard.Index == 0 ? this with { Pictures = shard.Of(Pictures) }
        : new(shard.Of(Pictures), [], [], []);
}
