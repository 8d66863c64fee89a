using Hypir.Protocol.Messages;
using Hypir.Restoration.Pipeline;

namespace Hypir.Server;

/// <summary>Hands progress on from the pipeline to the client: every tile, and several times a second within one.</summary>
internal sealed class JobReporter(Job job, BlockClock clock) : IProgress<RestoreProgress>
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    private RestoreProgress? _last;
    private long _told;

    /// <inheritdoc/>
    public void Report(RestoreProgress value)
    {
        clock.Tick();
        bool moved = _last is null || (_last.Stage, _last.Tile) != (value.Stage, value.Tile);
        if (!moved && TimeProvider.System.GetElapsedTime(_told) < Between)
            return;
        (_last, _told) = (value, TimeProvider.System.GetTimestamp());
        job.Report(new(job.Id, StateOf(value.Stage), value.Fraction, value.Tile, value.Tiles, value.Remaining?.TotalSeconds));
    }

    private static JobState StateOf(RestoreStage stage) => stage switch
    {
        RestoreStage.Loading => JobState.Loading,
        RestoreStage.Encoding => JobState.Encoding,
        RestoreStage.Restoring => JobState.Restoring,
        RestoreStage.Decoding => JobState.Decoding,
        _ => JobState.Finishing,
    };
}
