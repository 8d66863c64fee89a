using System.Text.Json;

namespace Hypir.Networks.Checkpoints.SingleFile;

/// <summary>
/// The original layout of Stable Diffusion, where one file holds every network, under the names of the CompVis (LDM) and Stability code, as
/// well as training buffers: maps its tensors to diffusers' names.
/// </summary>
public static class LdmLayout
{
    private const string UNetPrefix = "model.diffusion_model.", VaePrefix = "first_stage_model.", TextPrefix = "cond_stage_model.model.";

    /// <summary>Whether these tensors form a whole model in the original layout.</summary>
    /// <param name="tensors">Tensors by key.</param>
    public static bool Recognises(IReadOnlyDictionary<string, TensorInfo> tensors) =>
        tensors.ContainsKey(UNetPrefix + "input_blocks.0.0.weight") && tensors.ContainsKey(VaePrefix + "encoder.conv_in.weight");

    /// <summary>Maps a network's keys in diffusers' layout to the file's tensors.</summary>
    /// <param name="tensors">The file's tensors by key.</param>
    /// <param name="part">The network.</param>
    /// <param name="config">Its config in diffusers' form; <see cref="LdmConfigs"/> derives one from the weights.</param>
    /// <returns>
    /// The tensors by diffusers' keys. An unknown one keeps its own key, so that loading reports it as unexpected.
    /// </returns>
    public static IReadOnlyDictionary<string, RenamedTensor> Map(
        IReadOnlyDictionary<string, TensorInfo> tensors, ModelPart part, JsonElement config)
    {
        Func<string, string[]?> translate = part switch
        {
            ModelPart.UNet => One(new LdmUNetNames(config).Translate),
            ModelPart.Vae => One(new LdmVaeNames(config).Translate),
            _ => new LdmTextNames(config).Translate,
        };
        var map = new Dictionary<string, RenamedTensor>(StringComparer.Ordinal);
        foreach (var (name, info) in Of(tensors, part))
        {
            string[] targets = translate(name) ?? [info.Name];
            for (int i = 0; i < targets.Length; i++)
            {
                if (!map.TryAdd(targets[i], Renamed(info, part, targets, i)))
                    throw new ModelException(
                        $"Two tensors of the file stand for \"{targets[i]}\", one of them {Messages.Quote(info.Name)}.",
                        "Check that the configuration belongs to the weights.");
            }
        }
        return map;
    }

    /// <summary>The tensors of one network, by name without the network's prefix.</summary>
    internal static IReadOnlyDictionary<string, TensorInfo> Of(IReadOnlyDictionary<string, TensorInfo> tensors, ModelPart part)
    {
        string prefix = part switch { ModelPart.UNet => UNetPrefix, ModelPart.Vae => VaePrefix, _ => TextPrefix };
        return tensors.Values.Where(info => info.Name.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(info => info.Name[prefix.Length..], StringComparer.Ordinal);
    }

    private static Func<string, string[]?> One(Func<string, string?> translate) => name => translate(name) is { } target ? [target] : null;

    private static RenamedTensor Renamed(TensorInfo info, ModelPart part, string[] targets, int index) => part switch
    {
        _ when targets.Length > 1 && info.Shape.Count > 0 => RenamedTensor.Part(info, index, targets.Length),
        ModelPart.Vae when LdmVaeNames.IsAttention(targets[index]) => RenamedTensor.Matrix(info),
        _ => RenamedTensor.Whole(info),
    };
}

/// <summary>Queries the tensor shapes of one network in the original layout.</summary>
internal sealed class LdmShapes(IReadOnlyDictionary<string, TensorInfo> tensors, ModelPart part)
{
    public bool Has(string name) => tensors.ContainsKey(name);

    public int Rank(string name) => Find(name).Shape.Count;

    public long Size(string name, int dimension) => Find(name).Shape is var shape && dimension < shape.Count
        ? shape[dimension]
        : throw Unknown($"\"{name}\" has only {shape.Count} dimensions");

    /// <summary>The number of consecutive indices, from 0, that follow this prefix.</summary>
    public int Count(string prefix)
    {
        var numbers = tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..].Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        int count = 0;
        while (numbers.Contains($"{count}"))
            count++;
        return count;
    }

    private TensorInfo Find(string name) => tensors.TryGetValue(name, out var info) ? info : throw Unknown($"\"{name}\" is missing");

    private static string PartName(ModelPart part) =>
        part switch
        {
            ModelPart.UNet => "UNet",
            ModelPart.Vae => "VAE",
            _ => "OpenCLIP text encoder",
        };

    private ModelException Unknown(string what) => new(
        $"The file is not a Stable Diffusion 2 model in the original layout: {what} in its {PartName(part)}.",
        "Use Stable Diffusion 2.1-base, or give the model as a folder in diffusers' layout.");
}
