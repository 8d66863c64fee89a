namespace Hypir.Models.Download;

/// <summary>How patient downloads are.</summary>
public sealed record DownloadSettings
{
    /// <summary>A connection on which nothing comes for so long is given up.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Tries at one source without any progress, at least 2. Progress starts the count again.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>Time before the second try; it doubles from try to try, with some chance in it.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time between two tries. A server that asks for more is left for the next source.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(2);
}
