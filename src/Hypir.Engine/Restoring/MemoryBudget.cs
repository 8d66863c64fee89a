using Hypir.Core.Files;
using Hypir.Restoration.Planning;

namespace Hypir.Engine.Restoring;

/// <summary>
/// Memory that images at work and waiting share. It is counted by plans, not measured: who would go beyond it waits until others have given
/// theirs back, and what is larger than all of it goes alone.
/// </summary>
/// <param name="total">Bytes to share.</param>
internal sealed class MemoryBudget(long total)
{
    private readonly Lock _one = new();
    private readonly List<Hold> _holds = [];
    private TaskCompletionSource _freed = new();

    /// <summary>Takes a share, waiting until there is room for it.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Gives the share back when it is disposed of.</returns>
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

        /// <summary>Gives a part of it back.</summary>
        /// <param name="rest">What is kept, in bytes.</param>
        public void ShrinkTo(long rest) => budget.Change(() => Bytes = Math.Min(Bytes, rest));

        /// <inheritdoc/>
        public void Dispose() => budget.Change(() => budget._holds.Remove(this));
    }
}

/// <summary>
/// Texts that say what an image shows: <c>photo.txt</c> of the prompt folder for <c>photo.jpg</c>, as the reference keeps its captions.
/// </summary>
internal sealed class Prompts
{
    private readonly string? _folder;
    private readonly string _otherwise;

    /// <summary>Checks that the folder is there and that the model can read prompts.</summary>
    /// <param name="folder">The folder, or null where one prompt holds for all.</param>
    /// <param name="otherwise">The prompt of an image without a text of its own.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="UsageException">It is not, or it cannot.</exception>
    public Prompts(string? folder, string otherwise, ModelFacts model)
    {
        (_folder, _otherwise) = (folder, otherwise);
        if (folder is null)
            return;
        if (!Directory.Exists(folder))
            throw new UsageException($"The prompt folder {folder} does not exist.", "Name the folder of the texts after --prompt-dir.");
        if (!model.ReadsPrompts)
            throw new UsageException(
                $"The model {model.Name} has no text encoder: it cannot read prompts.",
                "Leave --prompt-dir away, or choose another model."
            );
    }

    /// <summary>The prompt of an image.</summary>
    /// <exception cref="UsageException">Its text cannot be read.</exception>
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
            throw new UsageException($"The prompt {path} cannot be read: {e.Message}", "Check the rights to read it.");
        }
    }
}
