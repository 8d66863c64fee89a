using System.Text;
using Hypir.Engine.Restoring;
using Hypir.Restoration.Images;
using Hypir.Restoration.Pipeline;
using RestoreJob = Hypir.Engine.Restoring.RestoreJob;

namespace Hypir.Engine.Reporting;

/// <summary>Writes a page of a run, beside what another reporter tells. The page takes its place when the run ends, however that is.</summary>
/// <param name="inner">Tells it too.</param>
/// <param name="job">What is done; it names the page.</param>
internal sealed class HtmlReport(IReporter inner, RestoreJob job) : IReporter, IDisposable
{
    private readonly string _target = job.Report!;

    // A run is abandoned on another thread.
    private readonly Lock _one = new();
    private string? _temporary;
    private StreamWriter? _file;
    private ReportPage? _page;
    private OutputException? _failure;

    /// <inheritdoc/>
    public void Started()
    {
        inner.Started();
        // At once, so that a place that cannot be written is known before hours of work.
        PictureStore.MakeFolder(_target);
        if (job.Resume)
            TemporaryFiles.Sweep([_target]);
        Writing(() =>
        {
            _temporary = TemporaryFiles.NewFor(_target);
            _file = new StreamWriter(_temporary, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            _page = new ReportPage(_file);
            _page.Begin(ReportSettings.Of(job));
        });
        ThrowIfFailed();
    }

    /// <inheritdoc/>
    public void Planned(PictureJob picture, PlanSummary plan, bool dryRun) => inner.Planned(picture, plan, dryRun);

    /// <inheritdoc/>
    public T Watch<T>(PictureJob picture, int index, int count, Func<IProgress<RestoreProgress>, T> work) => inner.Watch(picture, index, count, work);

    /// <inheritdoc/>
    public void Done(PictureJob picture, Outcome outcome)
    {
        inner.Done(picture, outcome);
        Writing(() => _page?.Add(picture, outcome));
    }

    /// <inheritdoc/>
    public void Failed(PictureJob? picture, Exception failure)
    {
        inner.Failed(picture, failure);
        if (picture is null)
            End(Explanation.Of(failure).Message, whole: false);
        else
            Writing(() => _page?.Add(picture, failure));
    }

    /// <inheritdoc/>
    public void Finished(BatchSummary summary)
    {
        End(summary.ToString(), whole: true);
        inner.Finished(summary);
        // A page that could not be written is no reason to end the work, but one to say so.
        ThrowIfFailed();
    }

    /// <inheritdoc/>
    public void Abandon()
    {
        inner.Abandon();
        End(Explanation.Of(new OperationCanceledException()).Message, whole: false);
    }

    /// <summary>Deletes a page that did not come to its end.</summary>
    public void Dispose()
    {
        lock (_one)
        {
            if (_file is not null)
                Discard();
        }
    }

    private void End(string summary, bool whole) => Writing(() =>
    {
        if (_file is null)
            return;
        _page!.End(summary, whole);
        _file.Dispose();
        (_file, _page) = (null, null);
        File.Move(_temporary!, _target, overwrite: true);
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
                _failure = new OutputException($"The report {_target} cannot be written: {failure.Message}", "Check that its folder may be written and has space, or choose another --report.", failure);
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
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // The disk is full: that is what is being told.
        }

        (_file, _page) = (null, null);
        if (_temporary is not null)
            TemporaryFiles.TryDelete(_temporary);
    }
}
