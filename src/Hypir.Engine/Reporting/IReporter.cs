using Hypir.Engine.Restoring;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Reporting;

/// <summary>Tells how a run goes: to a person at a terminal, to a log, or to a program.</summary>
internal interface IReporter
{
    /// <summary>What was asked for can be done, and begins.</summary>
    void Started();

    /// <summary>What the search of folders has passed over; called before anything is computed.</summary>
    /// <param name="files">Pictures of kinds that are not read.</param>
    /// <param name="loops">Links to folders that were searched already.</param>
    void LeftOut(IReadOnlyList<string> files, IReadOnlyList<string> loops);

    /// <summary>A plan was made, before any computation.</summary>
    void Planned(ImageJob picture, PlanSummary plan, bool dryRun);

    /// <summary>Runs the work on one image and shows its progress.</summary>
    /// <param name="picture">The image.</param>
    /// <param name="index">Its place in the run, from 1.</param>
    /// <param name="count">Images of the run.</param>
    /// <param name="work">Is given where to report progress; called once, on this thread.</param>
    T RunWithProgress<T>(ImageJob picture, int index, int count, Func<IProgress<RestoreProgress>, T> work);

    /// <summary>An image is done.</summary>
    void Done(ImageJob picture, Outcome outcome);

    /// <summary>An image, or the whole run where it is null, failed.</summary>
    void Failed(ImageJob? picture, Exception failure);

    /// <summary>A run is over.</summary>
    void Finished(BatchSummary summary);

    /// <summary>The process is about to end in the middle of its work; called from another thread.</summary>
    void ReportForcedExit();
}
