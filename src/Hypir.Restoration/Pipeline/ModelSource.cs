using Hypir.Networks.Models;
using Hypir.Networks.SinglePass;
using Hypir.Networks.Text;
using Hypir.Planning;

namespace Hypir.Restoration.Pipeline;

/// <summary>A model on disk of either kind, a diffusion model or a single-pass network: what is to know of it, and no weights.</summary>
public sealed class ModelSource
{
    private readonly Lazy<ClipTokenizer?> _tokenizer;

    private ModelSource(string path, ModelFacts facts, ModelFolder? folder, WeightMix? mix)
    {
        (Path, Facts, Folder, Mix) = (path, facts, folder, mix);
        _tokenizer = new(() => Folder is { TextEncoder: not null } reading ? reading.OpenTokenizer() : null);
    }

    /// <summary>Its folder or file.</summary>
    public string Path { get; }

    /// <summary>What a plan needs to know.</summary>
    public ModelFacts Facts { get; }

    /// <summary>The configuration of a diffusion model; null for a single-pass network.</summary>
    public ModelFolder? Folder { get; }

    /// <summary>The file that is mixed into the weights of a single-pass network, or null.</summary>
    public WeightMix? Mix { get; }

    /// <summary>Reads what is to know of a model.</summary>
    /// <param name="path">Its folder or file.</param>
    /// <param name="mix">A file that is mixed into it; only for single-pass networks.</param>
    /// <exception cref="ModelException">It is no model, its parts do not fit, or it cannot be mixed.</exception>
    /// <exception cref="Hypir.Networks.Checkpoints.CheckpointException">A file is damaged.</exception>
    public static ModelSource Open(string path, WeightMix? mix = null)
    {
        if (!File.Exists(path) || !SinglePassFile.IsMeant(path))
        {
            if (mix is not null)
            {
                throw new ModelException(
                    $"{path}: only single-pass networks can be mixed, and this is not one.",
                    "Omit --mix, or choose a single-pass network.");
            }

            if (Directory.Exists(path) && !Directory.Exists(System.IO.Path.Combine(path, "unet")))
                throw new ModelException(
                    $"{path}: this folder holds no model in diffusers' layout (unet/config.json).",
                    "Name a folder with unet, vae and text_encoder in it, or a single file.");
            return Of(ModelFolder.Open(path));
        }

        using SinglePassFile file = SinglePassFile.Open(path);
        if (mix is not null)
        {
            using SinglePassFile other = SinglePassFile.Open(mix.Path);
            file.RequireSame(other);
        }

        return new(path, ModelFacts.Of(file.Outline, NameOf(path, mix)), null, mix);
    }

    /// <summary>A diffusion model that is open already.</summary>
    /// <param name="folder">The model.</param>
    public static ModelSource Of(ModelFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new(folder.Path, folder.ReadFacts(), folder, null);
    }

    /// <summary>A note if a prompt is longer than the text encoder reads; otherwise null. It reads the tokenizer's files.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <exception cref="ModelException">The tokenizer's files are missing or damaged.</exception>
    public string? NoteOnPrompt(string prompt) => _tokenizer.Value is { } tokenizer ? PromptLimit.Note(tokenizer, prompt) : null;

    /// <summary>Refuses LoRA weights for a model that has no place for them.</summary>
    /// <param name="loraPath">A file of LoRA weights, or null.</param>
    /// <exception cref="ModelException">There are some, and the model is a single-pass network.</exception>
    public void RequireLora(string? loraPath)
    {
        if (loraPath is not null && Folder is null)
        {
            throw new ModelException(
                $"{loraPath}: LoRA weights are for diffusion models, and {Path} is a single-pass network.", "Omit the LoRA weights.");
        }
    }

    private static string NameOf(string path, WeightMix? mix)
    {
        string name = System.IO.Path.GetFileNameWithoutExtension(path);
        return mix is null ? name : FormattableString.Invariant($"{name} with {mix.Share:0.##} of {NameOf(mix.Path, null)}");
    }
}

/// <summary>A second file of the same network, mixed weight by weight into the first.</summary>
/// <param name="Path">The file.</param>
/// <param name="Share">Its share, 0 to 1; the first file has the rest.</param>
public sealed record WeightMix(string Path, double Share);
