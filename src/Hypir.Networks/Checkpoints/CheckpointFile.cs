using System.Buffers.Binary;
using System.Text.RegularExpressions;
using Hypir.Core.Files;
using Hypir.Networks.Checkpoints.Ncnn;

namespace Hypir.Networks.Checkpoints;

/// <summary>Opens weights files of any format. The content decides, since extensions are unreliable.</summary>
public static class CheckpointFile
{
    /// <summary>Opens a safetensors or torch.save file, or an ncnn network by either of its two files.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">It is damaged, hostile, or not a weights file.</exception>
    /// <exception cref="ModelException">It does not exist or cannot be read.</exception>
    public static ITensorSource Open(string path) => TensorFile.Open<ITensorSource>(NcnnFile.DescriptionOf(path), file =>
        IsSafetensors(file) ? SafetensorsFile.Open(file)
        : NcnnParam.IsMeant(file) ? NcnnFile.Open(file)
        : TorchFile.Open(file));

    private static bool IsSafetensors(TensorFile file)
    {
        const int prefix = sizeof(ulong);
        bool named = file.Path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
        if (file.Length <= prefix)
            return named;
        byte[] head = file.Read(0, prefix + 1);
        if (BinaryPrimitives.ReadUInt64LittleEndian(head) <= SafetensorsHeader.MaxBytes && head[prefix] == '{')
            return true;
        // A damaged file is treated as its name suggests, unless it clearly has the other format.
        return named && !head.AsSpan().StartsWith("PK"u8);
    }
}

/// <summary>Converts weights of any readable format to safetensors, which other programs can open without a pickle.</summary>
public static class CheckpointConverter
{
    /// <summary>Writes a file's tensors as safetensors, each in its own type, and keeps the file's text metadata.</summary>
    /// <param name="source">The file to read.</param>
    /// <param name="target">The file to write or replace, either completely or not at all.</param>
    /// <param name="cancellation">Checked between tensors.</param>
    /// <returns>The number of tensors written.</returns>
    /// <exception cref="CheckpointException">The source is damaged, hostile, or not a weights file.</exception>
    /// <exception cref="ModelException">The source cannot be read, or is the target.</exception>
    /// <exception cref="OutputException">The target cannot be written.</exception>
    public static int Convert(string source, string target, CancellationToken cancellation = default)
    {
        if (FileIdentity.AreSame(source, target))
            throw new ModelException($"{source}: source and target are the same file.", "Give the new file another name.");
        using var tensors = CheckpointFile.Open(source);
        var metadata = tensors is SafetensorsFile { Metadata.Count: > 0 } file
            ? file.Metadata
            : new Dictionary<string, string> { ["format"] = "pt" };
        OutputException.Guard(target, () => SafetensorsWriter.Write(target, tensors, metadata, cancellation));
        return tensors.Tensors.Count;
    }
}

/// <summary>
/// The weights of one component of a diffusers model, such as its folder <c>unet</c>: whole or in shards, in safetensors or torch format,
/// in full or half precision.
/// </summary>
public static class CheckpointFolder
{
    // Best first: safetensors before pickles, full precision before half. Diffusers and transformers put an index's variant in different
    // places.
    private static readonly string[] Endings =
    [
        ".safetensors", ".safetensors.index.json",
        ".fp16.safetensors", ".safetensors.index.fp16.json", ".fp16.safetensors.index.json",
        ".bf16.safetensors", ".safetensors.index.bf16.json", ".bf16.safetensors.index.json",
        ".bin", ".bin.index.json",
        ".fp16.bin", ".bin.index.fp16.json", ".fp16.bin.index.json",
    ];

    private static readonly string[] Names = ["diffusion_pytorch_model", "model", "pytorch_model"];

    /// <summary>The file (or index) that <see cref="Open"/> would use, or null if there is none.</summary>
    /// <param name="folder">The component's folder.</param>
    public static string? Find(string folder) =>
        Endings.SelectMany(_ => Names, (ending, name) => Path.Combine(folder, name + ending)).FirstOrDefault(File.Exists);

    /// <summary>
    /// Opens the best weights of a component, with names of earlier versions updated (see <see cref="DiffusersNames"/>).
    /// </summary>
    /// <param name="folder">The component's folder, e.g. <c>.../unet</c>.</param>
    /// <exception cref="CheckpointException">The weights are damaged.</exception>
    /// <exception cref="ModelException">The folder or its weights are missing.</exception>
    public static ITensorSource Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new ModelException(
                $"{folder}: there is no such folder.", "Name the folder of a model in diffusers' layout (model_index.json, unet, vae, …).");
        string path = Find(folder)
            ?? throw new ModelException(
                $"{folder}: no weights were found; looked for {string.Join(", ", Names)} with {string.Join(", ", Endings)}.",
                "Download the component's weights, best the .safetensors file, into this folder.");
        return DiffusersNames.Current(
            path.EndsWith(".json", StringComparison.Ordinal) ? ShardedSource.Open(path) : CheckpointFile.Open(path));
    }
}

/// <summary>The networks of a Stable Diffusion model.</summary>
public enum ModelPart
{
    /// <summary>The UNet (diffusers' folder <c>unet</c>).</summary>
    UNet,

    /// <summary>The autoencoder (<c>vae</c>).</summary>
    Vae,

    /// <summary>The CLIP text encoder (<c>text_encoder</c>).</summary>
    TextEncoder,
}

/// <summary>
/// Updates names of earlier versions of diffusers and transformers that published files still use: the VAE's attention layers
/// (<c>query</c>, <c>key</c>, <c>value</c>, <c>proj_attn</c>), and the text encoder's buffer <c>position_ids</c>, which is not a weight.
/// </summary>
public static partial class DiffusersNames
{
    private const string PositionIds = "text_model.embeddings.position_ids";

    /// <summary>The source itself, or a view of it with current names.</summary>
    /// <param name="source">Weights of one component; the result takes ownership.</param>
    public static ITensorSource Current(ITensorSource source)
    {
        if (!source.Tensors.Keys.Any(key => key == PositionIds || OldAttention().IsMatch(key)))
            return source;
        var names = source.Tensors.Values.Where(info => info.Name != PositionIds).ToDictionary(
            info => OldAttention().Replace(info.Name, match => $".attentions.{match.Groups[1].Value}.{Today(match.Groups[2].Value)}."),
            info => OldAttention().IsMatch(info.Name) ? RenamedTensor.Matrix(info) : RenamedTensor.Whole(info));
        return new RenamedSource(source, names, ownsInner: true);
    }

    private static string Today(string old) => old switch { "query" => "to_q", "key" => "to_k", "value" => "to_v", _ => "to_out.0" };

    [GeneratedRegex(@"\.attentions\.(\d+)\.(query|key|value|proj_attn)\.(?=weight$|bias$)", RegexOptions.CultureInvariant)]
    private static partial Regex OldAttention();
}
