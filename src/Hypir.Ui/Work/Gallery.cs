using System.Threading.Channels;
using Hypir.Imaging;
using Hypir.Imaging.Formats;
using Hypir.Protocol.Messages;

namespace Hypir.Ui.Work;

/// <summary>
/// The images of the window and the queue of their jobs. Pages look at it and change it from any thread; one worker takes the jobs.
/// </summary>
/// <param name="settings">The window's settings.</param>
/// <param name="folder">The folder for uploads and what pages show.</param>
internal sealed class Gallery(UiSettings settings, PrivateFolder folder) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<UiImage> _images = [];
    private readonly LinkedList<Job> _queue = [];
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly List<Channel<bool>> _watchers = [];
    private readonly SortedDictionary<string, Transfer> _transfers = new(StringComparer.Ordinal);
    private ModelList? _models;
    private Failure? _modelFailure;
    private bool _working;
    private int _versions;

    /// <summary>Raised, on any thread, when a page is opened or closed and when there is work or none.</summary>
    public event Action? Occupied;

    /// <summary>Whether a page is open, or a job or download is left.</summary>
    public bool IsOccupied
    {
        get
        {
            lock (_gate)
                return _watchers.Count > 0 || _working || _queue.Count > 0 || _transfers.Values.Any(transfer => transfer.Failure is null);
        }
    }

    /// <summary>Adds a file after a look at its header.</summary>
    /// <param name="id">Its new name, from <see cref="NewId"/>.</param>
    /// <param name="name">The file's name, as its user knows it; untrusted.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="ImageException">It is no supported image, or too large.</exception>
    /// <exception cref="UsageException">There are too many images.</exception>
    public UiImage Add(string id, string name, string path)
    {
        var image = new UiImage(id, ResultNames.Clean(name), path, ImageFile.Inspect(path, Limits));
        lock (_gate)
        {
            if (_images.Count >= settings.MaxImages)
                throw new UsageException($"The window has {_images.Count} images.", "Remove some, then add more.");
            _images.Add(image);
        }
        Changed();
        return image;
    }

    /// <summary>The limits of images.</summary>
    public ImageLimits Limits { get; } = new() { MaxPixels = settings.MaxPixels };

    /// <summary>An unguessable name for an image.</summary>
    public static string NewId() => Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    /// <summary>A number for a new picture of an image, so that pages do not show an old one.</summary>
    public int NewVersion() => Interlocked.Increment(ref _versions);

    /// <summary>An image, or null if there is none of this name.</summary>
    public UiImage? Find(string id)
    {
        lock (_gate)
            return _images.Find(image => image.Id == id);
    }

    /// <summary>Reads the images in order.</summary>
    public T Read<T>(Func<IReadOnlyList<UiImage>, IReadOnlyCollection<Job>, ModelList?, Failure?, T> read)
    {
        lock (_gate)
            return read(_images, _queue, _models, _modelFailure);
    }

    /// <summary>Changes an image.</summary>
    public void Change(UiImage image, Action<UiImage> change)
    {
        lock (_gate)
            change(image);
        Changed();
    }

    /// <summary>Takes a result out of the window. Its file stays in its folder.</summary>
    public void RemoveResult(UiImage image, SavedResult result) => Change(image, image =>
    {
        image.Results.Remove(result);
        Settle(image);
    });

    /// <summary>Sets the models that the engine has, or why it cannot say.</summary>
    public void SetModels(ModelList? models, Failure? failure)
    {
        lock (_gate)
            (_models, _modelFailure) = (models ?? _models, failure);
        Changed();
    }

    /// <summary>Downloads and copies of models by name.</summary>
    public IReadOnlyDictionary<string, Transfer> Transfers
    {
        get
        {
            lock (_gate)
                return new Dictionary<string, Transfer>(_transfers);
        }
    }

    /// <summary>Sets the state of a download or copy; null if it is over.</summary>
    public void SetTransfer(string name, Transfer? transfer)
    {
        lock (_gate)
        {
            if (transfer is null)
                _transfers.Remove(name);
            else
                _transfers[name] = transfer;
        }
        Changed();
        Occupied?.Invoke();
    }

    /// <summary>Removes an image, with its uploaded file. A result that was written stays in its folder.</summary>
    public void Remove(UiImage image)
    {
        Cancel(image);
        lock (_gate)
            _images.Remove(image);
        folder.Delete(image.Id);
        Changed();
    }

    /// <summary>
    /// Puts a job in the queue. A part to look at comes before whole images, in the place of the image's earlier one; a job that waits or
    /// runs already is not done twice.
    /// </summary>
    public void Enqueue(Job job)
    {
        UiImage image = job.Image;
        Job[] others = Read((_, _, _, _) => image.Jobs.Where(other => other.IsPreview == job.IsPreview).ToArray());
        if (!job.IsPreview && others.Any(other => other.Choice == job.Choice))
        {
            job.Dispose();
            return;
        }
        foreach (Job other in job.IsPreview ? others : [])
            Cancel(other);
        lock (_gate)
        {
            image.Jobs.Add(job);
            image.Failure = null;
            Settle(image);
            LinkedListNode<Job>? behind = _queue.First;
            while (job.IsPreview && behind?.Value.IsPreview is true)
                behind = behind.Next;
            if (!job.IsPreview || behind is null)
                _queue.AddLast(job);
            else
                _queue.AddBefore(behind, job);
        }
        _waiting.Release();
        Changed();
        Occupied?.Invoke();
    }

    /// <summary>Puts a waiting job before all others.</summary>
    public void PutFirst(Job job)
    {
        lock (_gate)
        {
            if (_queue.Remove(job))
                _queue.AddFirst(job);
        }
        Changed();
    }

    /// <summary>A job, or null if there is none of this name.</summary>
    public Job? FindJob(string id)
    {
        lock (_gate)
            return _images.SelectMany(image => image.Jobs).FirstOrDefault(job => job.Id == id);
    }

    /// <summary>Cancels a job, waiting or running.</summary>
    public void Cancel(Job job)
    {
        lock (_gate)
        {
            if (!job.Image.Jobs.Remove(job))
                return;
            _queue.Remove(job);
            Settle(job.Image);
            // The source may be disposed by the worker as soon as the lock is free.
            job.Cancel.Cancel();
        }
        Changed();
        Occupied?.Invoke();
    }

    /// <summary>Cancels an image's jobs.</summary>
    public void Cancel(UiImage image)
    {
        foreach (Job job in Read((_, _, _, _) => image.Jobs.ToArray()))
            Cancel(job);
    }

    /// <summary>Cancels all jobs.</summary>
    public void CancelAll()
    {
        // The waiting ones first: none of them should begin.
        foreach (Job job in Read((images, _, _, _) => images.SelectMany(image => image.Jobs).OrderBy(job => job.IsRunning).ToArray()))
            Cancel(job);
    }

    /// <summary>Waits for the next job; <see cref="End"/> must follow.</summary>
    public async Task<Job> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await _waiting.WaitAsync(cancellation).ConfigureAwait(false);
            lock (_gate)
            {
                // What was cancelled while it waited is no longer in the queue.
                if (_queue.First is not { Value: var job } first)
                    continue;
                _queue.Remove(first);
                (job.IsRunning, _working) = (true, true);
                Settle(job.Image);
                return job;
            }
        }
    }

    /// <summary>A job has ended.</summary>
    /// <param name="job">The job; if it is no longer one of the image's, nothing but the worker's rest is noted.</param>
    /// <param name="outcome">Notes the outcome; null if it was cancelled.</param>
    public void End(Job job, Action<UiImage>? outcome)
    {
        lock (_gate)
        {
            if (job.Image.Jobs.Remove(job))
            {
                outcome?.Invoke(job.Image);
                Settle(job.Image);
            }
            _working = false;
            job.Dispose();
        }
        Changed();
        Occupied?.Invoke();
    }

    /// <summary>Waits for changes, as an open page does.</summary>
    /// <returns>What is readable whenever something has changed; <see cref="Leave"/> must follow.</returns>
    public Channel<bool> Watch()
    {
        var signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        signal.Writer.TryWrite(true);
        lock (_gate)
            _watchers.Add(signal);
        Occupied?.Invoke();
        return signal;
    }

    /// <summary>A page was closed.</summary>
    public void Leave(Channel<bool> signal)
    {
        lock (_gate)
            _watchers.Remove(signal);
        Occupied?.Invoke();
    }

    /// <summary>Lets pages look again.</summary>
    public void Changed()
    {
        lock (_gate)
        {
            foreach (Channel<bool> watcher in _watchers)
                watcher.Writer.TryWrite(true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _waiting.Dispose();

    private static void Settle(UiImage image) => image.State = image.Jobs.Any(job => job.IsRunning) ? ImageState.Running
        : image.Jobs.Count > 0 ? ImageState.Queued
        : image.Failure is not null ? ImageState.Failed
        : image.Results.Count > 0 ? ImageState.Done : ImageState.Ready;
}
