using Hypir.Engine.Reporting;
using Hypir.Imaging;
using Hypir.Restoration.Planning;

namespace Hypir.Engine.Restoring;

/// <summary>An image when its turn comes: kept, planned, or planned and loaded.</summary>
internal sealed record FetchedImage
{
    /// <summary>What became of it already: there is a result, and it is kept. Null where it is to be restored.</summary>
    public Outcome? Kept { get; init; }

    /// <summary>How it is restored; null where it is kept.</summary>
    public RestorePlan? Plan { get; init; }

    /// <summary>The image; null where nothing is computed.</summary>
    public RasterImage? Picture { get; init; }

    /// <summary>The memory that it takes while it waits; null where nothing is computed.</summary>
    public MemoryBudget.Hold? Hold { get; init; }

    /// <summary>What a report shows of it; null where there is none.</summary>
    public Preview? Before { get; init; }

    /// <summary>Time it took to read.</summary>
    public TimeSpan Reading { get; init; }
}
