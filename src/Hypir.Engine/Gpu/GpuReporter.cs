using Hypir.Models.Download;
using Hypir.Protocol;

namespace Hypir.Engine.Gpu;

/// <summary>Tells a client how installing goes, in the words of downloads.</summary>
/// <param name="jobId">The client's name for the job.</param>
/// <param name="report">Takes the reports.</param>
internal sealed class GpuReporter(string jobId, Action<DownloadReport> report) : IProgress<DownloadProgress>
{
    /// <summary>What stands in reports where a model's name does.</summary>
    public const string Model = "gpu";

    /// <inheritdoc/>
    public void Report(DownloadProgress value) => report(new(jobId, Model, Path.GetFileName(value.Target), (DownloadStep)value.Stage, value.Received, value.Total,
        value.BytesPerSecond, value.Remaining?.TotalSeconds, value.Source, value.Wait?.TotalSeconds, value.Trouble));
}
