using Hypir.Planning;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Pipeline;

/// <summary>From a single-pass network's rows to the result: reduced by area, or enlarged; colors fixed where that is asked for.</summary>
internal sealed class SinglePassFinisher : IDisposable
{
    private readonly RestorePlan _plan;
    private readonly IRowSink _sink;
    private readonly JobWatch _watch;
    private readonly ColorFixBands? _bands;
    private readonly AreaRows? _area;
    private readonly RowCollector? _small;

    /// <summary>Prepares for the rows.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="input">The input.</param>
    /// <param name="sink">Takes the result.</param>
    /// <param name="watch">Watches and cancels.</param>
    /// <param name="owner">The scope that disposes what is kept.</param>
    public SinglePassFinisher(RestorePlan plan, IPixelSource input, IRowSink sink, JobWatch watch, DisposeScope owner)
    {
        (_plan, _sink, _watch) = (plan, sink, watch);
        if (plan.Options.ColorFix)
            _bands = new ColorFixBands(ScaledInput.Of(input, plan), plan.FinishingRows, (start, _, _, rows) => Write(start, rows));
        PixelSize from = plan.Passes[^1].To, to = plan.Sizes.Scaled;
        // A network that does not enlarge may be asked for a larger image.
        if (from.Width < to.Width || from.Height < to.Height)
            _small = new RowCollector(from.Height, owner);
        else
            _area = new AreaRows(from, to, Put);
    }

    /// <summary>Takes the next rows.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="rows">(1, 3, n, width), about 0 to 1.</param>
    public void Add(int start, Tensor rows)
    {
        if (_small is not null)
            _small.Add(start, rows);
        else
            _area!.Add(rows);
    }

    /// <summary>All rows were given: finishes those that waited.</summary>
    public void Complete()
    {
        if (_small is null)
            return;
        using var scope = NewDisposeScope();
        Put(0, Resampling.ToSize(_small.Whole, _plan.Sizes.Scaled, antialias: false));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bands?.Dispose();
        _area?.Dispose();
    }

    private void Put(int start, Tensor rows)
    {
        if (_bands is not null)
            _bands.Add(rows);
        else
            Write(start, rows);
    }

    private void Write(int start, Tensor rows)
    {
        _watch.Band(start);
        _sink.Write(start, rows);
        _watch.Meter.Rows((int)rows.shape[2]);
    }
}
