using Hypir.Core.Files;
using Hypir.Engine.Restoring;
using Hypir.Restoration.Pipeline;
using RestoreCommandOptions = Hypir.Engine.Restoring.RestoreCommandOptions;

namespace Hypir.Engine.Reporting;

/// <summary>
/// Writes the HTML report of a run in addition to another reporter. The page replaces its target when the run ends, for any reason.
/// </summary>
/// <param name="inner">The other reporter.</param>
/// <param name="job">The job, which names the page.</param>
internal sealed class HtmlReport(IReporter inner, RestoreCommandOptions job) : IReporter, IDisposable
{
    private readonly string _target = job.Report!;

    // A forced exit is reported on another thread.
    private readonly Lock _one = new();
    private readonly Dictionary<ImageJob, PlanSummary> _plans = [];
    private readonly DateTimeOffset _begun = DateTimeOffset.Now;
    private WholeFile? _file;
    private ReportPage? _page;
    private OutputException? _failure;

    /// <inheritdoc/>
    public void Started(int images)
    {
        inner.Started(images);
        // Created at once, so that an unwritable target is noticed before hours of work.
        ImageStore.MakeFolder(_target);
        if (job.Resume)
            TemporaryFiles.Sweep([_target]);
        Writing(() =>
        {
            _file = new WholeFile(_target);
            _page = new ReportPage(_target, images);
            if (job.Resume)
                _page.AddEarlier();
        });
        ThrowIfFailed();
    }

    /// <inheritdoc/>
    public void LeftOut(FoundImages found)
    {
        inner.LeftOut(found);
        if (found.LeftOut.Count > 0)
            Writing(() => _page?.LeftOut(found.LeftOut));
    }

    /// <inheritdoc/>
    public void Planned(ImageJob image, PlanSummary plan, bool dryRun)
    {
        inner.Planned(image, plan, dryRun);
        lock (_one)
            _plans[image] = plan;
    }

    /// <inheritdoc/>
    public T RunWithProgress<T>(ImageJob image, BatchForecast forecast, Func<IProgress<RestoreProgress>, T> work) =>
        inner.RunWithProgress(image, forecast, work);

    /// <inheritdoc/>
    public void Done(ImageJob image, Outcome outcome)
    {
        inner.Done(image, outcome);
        Writing(() => _page?.Add(image, outcome, _plans.GetValueOrDefault(image)));
    }

    /// <inheritdoc/>
    public void Failed(ImageJob? image, Exception failure)
    {
        inner.Failed(image, failure);
        if (image is null)
            End(failure);
        else
            Writing(() => _page?.Add(image, failure));
    }

    /// <inheritdoc/>
    public void Planned(PlanTotals totals) => inner.Planned(totals);

    /// <inheritdoc/>
    public void Finished(BatchSummary summary)
    {
        End(summary.ToString(), whole: true);
        inner.Finished(_failure is null ? summary with { Report = _target } : summary);
        // A page that cannot be written must not stop the work, but must be reported.
        ThrowIfFailed();
    }

    /// <inheritdoc/>
    public void ReportForcedExit(CancelledRunException run)
    {
        inner.ReportForcedExit(run);
        End(run);
    }

    /// <summary>Deletes an unfinished page.</summary>
    public void Dispose()
    {
        lock (_one)
        {
            if (_file is not null)
                Discard();
        }
    }

    /// <summary>The run ended early.</summary>
    private void End(Exception failure)
    {
        if (failure is CancelledRunException { Progress.Left: { Count: > 0 } left })
            Writing(() => _page?.NotReached(left));
        var (message, remedy) = Explanation.Of(failure);
        End(remedy is null ? message : $"{message} {remedy}", whole: false);
    }

    private void End(string summary, bool whole) => Writing(() =>
    {
        if (_file is null)
            return;
        if (_page!.HasEarlier)
        {
            int done = _page.Count("restored") + _page.Count("kept"), failed = _page.Count("failed");
            summary = FormattableString.Invariant($"{summary.TrimEnd('.')}. All runs of this page: {done} done, {failed} failed");
        }

        _page.Write(_file.Writer, ReportSettings.Of(job, _begun), summary, whole);
        _file.Keep();
        (_file, _page) = (null, null);
    });

    private void Writing(Action write)
    {
        lock (_one)
        {
            try
            {
                write();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Discard();
                _failure = new OutputException(
                    $"The report {_target} cannot be written: {failure.Message}",
                    "Check that its folder is writable and has space, or choose another --report.", failure);
            }
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
            throw _failure;
    }

    private void Discard()
    {
        _file?.Dispose();
        (_file, _page) = (null, null);
    }
}
