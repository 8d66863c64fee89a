using System.Diagnostics;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Benchmarks;

/// <summary>Tells from progress how long each stage took.</summary>
internal sealed class StageClock : IProgress<RestoreProgress>
{
    private readonly Dictionary<RestoreStage, double> _seconds = [];
    private readonly Stopwatch _whole = Stopwatch.StartNew();
    private RestoreStage _stage;
    private double _since;

    /// <summary>Seconds from the beginning to the last stage's end.</summary>
    public double Whole => _seconds.Values.Sum();

    /// <summary>Seconds of a stage.</summary>
    public double Of(RestoreStage stage) => _seconds.GetValueOrDefault(stage);

    /// <inheritdoc/>
    public void Report(RestoreProgress value)
    {
        if (value.Stage == _stage)
            return;
        End();
        _stage = value.Stage;
    }

    /// <summary>The stage under way has ended.</summary>
    public void End()
    {
        double now = _whole.Elapsed.TotalSeconds;
        _seconds[_stage] = Of(_stage) + now - _since;
        _since = now;
    }
}
