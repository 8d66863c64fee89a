using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;

namespace Hypir.Ui.Work;

/// <summary>Downloads of models and copies of the user's own files, whether or not a page is open.</summary>
/// <param name="client">The engine, which does them.</param>
/// <param name="gallery">Shows them.</param>
/// <param name="worker">Asks for the models afterward.</param>
/// <param name="ending">Ends all of them.</param>
internal sealed class ModelTransfers(EngineClient client, Gallery gallery, Worker worker, CancellationToken ending)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);

    /// <summary>Begins or continues a download, unless it runs.</summary>
    /// <param name="model">The model's name; the engine refuses one that it does not know.</param>
    public void Download(string model) =>
        _ = RunAsync(model, (progress, cancellation) => client.DownloadModelAsync(model, progress, cancellation));

    /// <summary>Adds a file of weights that a page has sent to the engine's models.</summary>
    /// <param name="name">What the user calls the file.</param>
    /// <param name="path">The file; it is deleted.</param>
    public async Task AddAsync(string name, string path)
    {
        var request = new AddModelRequest { Path = path, Name = EntryName(name), Copy = true };
        try
        {
            await RunAsync(name, (progress, cancellation) => client.AddModelAsync(request, progress, cancellation)).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Stops one that runs: what has come is kept. One that failed is no longer shown.</summary>
    public void Stop(string name)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(name, out CancellationTokenSource? running))
            {
                running.Cancel();
                return;
            }
        }
        gallery.SetTransfer(name, null);
    }

    private async Task RunAsync(string name, Func<IProgress<DownloadReport>, CancellationToken, Task> transfer)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ending);
        lock (_gate)
        {
            if (!_running.TryAdd(name, stop))
                return;
        }
        Failure? failure = null;
        gallery.SetTransfer(name, new(null, 0, null, null));
        try
        {
            var reports = new Reports(report => gallery.SetTransfer(name, new(report.Step, report.ReceivedBytes, report.TotalBytes, null)));
            await transfer(reports, stop.Token).ConfigureAwait(false);
            await worker.LookAtModelsAsync(ending).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nobody is left to be told, or the one who stopped it knows.
        }
        catch (Exception trouble)
        {
            failure = Failure.Of(trouble);
        }
        finally
        {
            lock (_gate)
                _running.Remove(name);
            gallery.SetTransfer(name, failure is null ? null : new(null, 0, null, failure));
        }
    }

    /// <summary>A name that the store allows, as <c>hypir models add</c> derives it.</summary>
    private static string EntryName(string name)
    {
        string stem = Path.GetFileNameWithoutExtension(name).ToLowerInvariant();
        return new string([.. stem.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-')]).Trim('.', '-', '_');
    }

    private sealed class Reports(Action<DownloadReport> take) : IProgress<DownloadReport>
    {
        public void Report(DownloadReport value) => take(value);
    }
}

/// <summary>A download or copy, running or failed.</summary>
/// <param name="Step">What it does now; null before the first report.</param>
/// <param name="ReceivedBytes">Bytes of all files that are there.</param>
/// <param name="TotalBytes">Bytes of all files, or null while unknown.</param>
/// <param name="Failure">Why it failed; null while it runs.</param>
internal sealed record Transfer(DownloadStep? Step, long ReceivedBytes, long? TotalBytes, Failure? Failure);
