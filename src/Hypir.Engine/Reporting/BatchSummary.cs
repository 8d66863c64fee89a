

using Hypir.Imaging;

namespace Hypir.Engine.Reporting;

/// <summary>What became of the images of a run.</summary>
/// <param name="Restored">Images that were restored.</param>
/// <param name="Kept">Images whose results were there already.</param>
/// <param name="Failed">Images that failed.</param>
/// <param name="Elapsed">Time of the whole run.</param>
/// <param name="Several">Whether more was asked for than one image.</param>
internal sealed record BatchSummary(int Restored, int Kept, int Failed, TimeSpan Elapsed, bool Several)
{
    /// <summary>Pictures of kinds that are not read.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Restored} restored, {Kept} kept, {Failed} failed in {Words.Of(Elapsed)}")
        + (LeftOut.Count > 0 ? $"; {ImageSearch.Describe(LeftOut)}" : "");
}
