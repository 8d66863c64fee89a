using Hypir.Core.Files;
using Hypir.Restoration.Planning;

namespace Hypir.Engine.Restoring;

/// <summary>Texts that say what an image shows: <c>photo.txt</c> of the prompt folder for <c>photo.jpg</c>, as the reference keeps its captions.</summary>
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
            throw new UsageException($"The model {model.Name} has no text encoder: it cannot read prompts.", "Leave --prompt-dir away, or choose another model.");
    }

    /// <summary>The prompt of an image.</summary>
    /// <exception cref="UsageException">Its text cannot be read.</exception>
    public string Of(ImageJob picture)
    {
        if (_folder is null)
            return _otherwise;
        string path = Path.Combine(_folder, Path.ChangeExtension(picture.Name, ".txt"));
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
