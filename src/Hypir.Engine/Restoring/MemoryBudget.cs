using Hypir.Core.Files;
using Hypir.Planning;

namespace Hypir.Engine.Restoring;

/// <summary>
/// A memory budget shared by the current and the waiting images, counted by their plans, not measured. A request beyond the budget waits
/// until others release their shares; a request larger than the whole budget is granted alone.
/// </summary>
/// <param name="total">The budget in bytes.</param>
internal sealed class MemoryBudget(long total)
{
    private readonly Lock _one = new();
    private readonly List<Hold> _holds = [];
    private TaskCompletionSource _freed = new();

    /// <summary>Takes a share, waiting until there is room for it.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>The share; disposing it returns it.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Hold Take(long bytes, CancellationToken cancellation)
    {
        while (true)
        {
            Task freed;
            lock (_one)
            {
                if (_holds.Count == 0 || _holds.Sum(hold => hold.Bytes) + bytes <= total)
                {
                    var hold = new Hold(this, bytes);
                    _holds.Add(hold);
                    return hold;
                }

                freed = _freed.Task;
            }

            freed.Wait(cancellation);
        }
    }

    private void Change(Action change)
    {
        lock (_one)
        {
            change();
            _freed.SetResult();
            _freed = new();
        }
    }

    /// <summary>A share.</summary>
    internal sealed class Hold(MemoryBudget budget, long bytes) : IDisposable
    {
        /// <summary>Its size.</summary>
        public long Bytes { get; private set; } = bytes;

        /// <summary>Returns a part of it.</summary>
        /// <param name="rest">The remaining size in bytes.</param>
        public void ShrinkTo(long rest) => budget.Change(() => Bytes = Math.Min(Bytes, rest));

        /// <inheritdoc/>
        public void Dispose() => budget.Change(() => budget._holds.Remove(this));
    }
}

/// <summary>
/// Prompts that describe each image: <c>photo.txt</c> of the prompt folder for <c>photo.jpg</c>, like the reference's captions.
/// </summary>
internal sealed class Prompts
{
    private readonly string? _folder;
    private readonly string _otherwise;

    /// <summary>Checks that the folder exists and that the model supports prompts.</summary>
    /// <param name="folder">The folder, or null if all images share one prompt.</param>
    /// <param name="otherwise">The prompt of an image without a text of its own.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="UsageException">The folder does not exist, or the model does not support prompts.</exception>
    public Prompts(string? folder, string otherwise, ModelFacts model)
    {
        (_folder, _otherwise) = (folder, otherwise);
        if (folder is null)
            return;
        if (!Directory.Exists(folder))
            throw new UsageException($"The prompt folder {folder} does not exist.", "Name the folder of the texts after --prompt-dir.");
        if (!model.ReadsPrompts)
            throw new UsageException(
                $"The model {model.Name} has no text encoder: it does not support prompts.",
                "Omit --prompt-dir, or choose another model."
            );
    }

    /// <summary>The prompt of an image.</summary>
    /// <exception cref="UsageException">The prompt file cannot be read.</exception>
    public string Of(ImageJob image)
    {
        if (_folder is null)
            return _otherwise;
        string path = Path.Combine(_folder, Path.ChangeExtension(image.Name, ".txt"));
        try
        {
            return File.Exists(path) ? File.ReadAllText(RegularFile.Require(path)).Trim() : _otherwise;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The prompt {path} cannot be read: {e.Message}", "Check its permissions.");
        }
    }
}
