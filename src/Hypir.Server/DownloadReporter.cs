using System.Collections.Concurrent;
using Hypir.Models.Download;
using Hypir.Models.Manifests;
using Hypir.Models.Store;
using Hypir.Protocol.Messages;

namespace Hypir.Server;

/// <summary>Turns the progress of single files into that of a whole model.</summary>
internal sealed class DownloadReporter : IProgress<DownloadProgress>
{
    private readonly string _jobId;
    private readonly string _model;
    private readonly string _folder;
    private readonly Action<DownloadReport> _report;
    private readonly ConcurrentDictionary<string, (long Received, long? Total)> _files = new();

    /// <summary>Begins to report.</summary>
    /// <param name="jobId">The client's name for the download.</param>
    /// <param name="model">The model.</param>
    /// <param name="store">The store; its own place stays out of the reports.</param>
    /// <param name="entries">What is downloaded: files of unknown size get theirs from the server.</param>
    /// <param name="report">Takes the reports.</param>
    public DownloadReporter(string jobId, string model, ModelStore store, IEnumerable<ManifestEntry> entries, Action<DownloadReport> report)
        : this(jobId, model, store.Folder, report)
    {
        foreach (ManifestEntry entry in entries)
            foreach (ManifestFile file in entry.Files)
                _files[Path.GetFullPath(Path.Combine(store.FolderOf(entry.Name), file.Path))] = (0, file.Size);
    }

    /// <summary>Begins to report of files that show when they come.</summary>
    /// <param name="jobId">The client's name for the download.</param>
    /// <param name="model">What stands for the model.</param>
    /// <param name="folder">Where the files go; its own place stays out of the reports.</param>
    /// <param name="report">Takes the reports.</param>
    public DownloadReporter(string jobId, string model, string folder, Action<DownloadReport> report) => (_jobId, _model, _folder, _report) = (jobId, model, folder, report);

    /// <inheritdoc/>
    public void Report(DownloadProgress value)
    {
        _files[value.Target] = (value.Received, value.Total ?? _files.GetValueOrDefault(value.Target).Total);
        long here = _files.Values.Sum(file => file.Received);
        long? total = _files.Values.All(file => file.Total is not null) ? _files.Values.Sum(file => file.Total) : null;
        double? left = total is not null && value.BytesPerSecond > 0 ? Math.Max(0, total.Value - here) / value.BytesPerSecond : null;
        _report(new(_jobId, _model, Path.GetRelativePath(_folder, value.Target).Replace('\\', '/'), (DownloadStep)value.Stage, here, total, value.BytesPerSecond,
            left, value.Source, value.Wait?.TotalSeconds, value.Trouble));
    }
}
