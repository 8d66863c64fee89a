using System.Diagnostics;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Restoring;

/// <summary>
/// Expects the time of a whole run: from the images' sizes, which another thread reads ahead, and from the speed of this run so far.
/// </summary>
/// <param name="count">Number of images.</param>
/// <param name="now">The time since any moment.</param>
internal sealed class BatchForecast(int count, Func<TimeSpan> now)
{
    /// <summary>What a pixel of a result costs outside the networks, in operations.</summary>
    private const double PixelOperations = 2000;

    private readonly Lock _one = new();

    // Null as long as an image's size is unknown.
    private readonly double?[] _work = new double?[count];
    private int _current = -1;
    private double _done;
    private TimeSpan _busy;
    private TimeSpan? _since;

    /// <summary>Creates a forecast by the clock.</summary>
    public static BatchForecast Of(int count)
    {
        var clock = Stopwatch.StartNew();
        return new(count, () => clock.Elapsed);
    }

    /// <summary>Number of images.</summary>
    public int Count => count;

    /// <summary>The work of a plan, in operations.</summary>
    public static double WorkOf(RestorePlan plan) => plan.Operations + PixelOperations * plan.Result.Pixels;

    /// <summary>Records what an image will take; 0 if nothing is computed.</summary>
    public void Expect(int image, double work)
    {
        lock (_one)
            _work[image] ??= work;
    }

    /// <summary>An image's turn begins.</summary>
    public void Begin(int image, double work)
    {
        lock (_one)
            (_work[image], _current, _since) = (work, image, null);
    }

    /// <summary>An image's turn is over, whatever became of it.</summary>
    public void End(int image)
    {
        lock (_one)
        {
            if (_since is { } since)
                (_done, _busy) = (_done + (_work[image] ?? 0), _busy + (now() - since));
            (_work[image], _current, _since) = (_since is null ? 0 : _work[image], image, null);
        }
    }

    /// <summary>The progress of the whole run.</summary>
    /// <param name="progress">The progress of the current image.</param>
    public BatchProgress Of(RestoreProgress progress)
    {
        lock (_one)
        {
            bool loading = progress.Stage is RestoreStage.Loading or RestoreStage.Waiting;
            // Loading (and waiting) happens once and says nothing about the other images.
            if (!loading)
                _since ??= now();
            double own = _work[_current] ?? 0, at = loading ? 0 : own * progress.Fraction, ahead = Ahead(), total = _done + own + ahead;
            TimeSpan spent = _since is { } since ? now() - since : TimeSpan.Zero;
            double fraction = total > 0 ? (_done + at) / total : 0;
            return new(_current + 1, count, fraction, Remaining(progress, spent, at, own, ahead));
        }
    }

    private TimeSpan? Remaining(RestoreProgress progress, TimeSpan spent, double at, double own, double ahead)
    {
        if (progress.Remaining is not { } left)
            return null;
        if (ahead <= 0)
            return left;
        // The time that this image takes as a whole counts like one that is done.
        double work = _done + own;
        return work > 0 ? left + (_busy + spent + left) * (ahead / work) : null;
    }

    /// <summary>The work after the current image; unknown images count like the average of the known ones.</summary>
    private double Ahead()
    {
        double known = 0, all = 0;
        int unknown = 0, counted = 0;
        for (int i = 0; i < count; i++)
        {
            if (_work[i] is { } work and > 0)
                (all, counted) = (all + work, counted + 1);
            if (i <= _current)
                continue;
            known += _work[i] ?? 0;
            unknown += _work[i] is null ? 1 : 0;
        }

        return known + (counted > 0 ? unknown * all / counted : 0);
    }
}

/// <summary>The progress of a whole run.</summary>
/// <param name="Index">The number of the current image, from 1.</param>
/// <param name="Count">Number of images.</param>
/// <param name="Fraction">The share of the work that is done, 0 … 1.</param>
/// <param name="Remaining">Estimated time left, or null if unknown.</param>
internal sealed record BatchProgress(int Index, int Count, double Fraction, TimeSpan? Remaining);
