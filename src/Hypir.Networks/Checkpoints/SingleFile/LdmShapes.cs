namespace Hypir.Networks.Checkpoints.SingleFile;

/// <summary>Questions to the shapes of one network in the original layout.</summary>
internal sealed class LdmShapes(IReadOnlyDictionary<string, TensorInfo> tensors, ModelPart part)
{
    public bool Has(string name) => tensors.ContainsKey(name);

    public int Rank(string name) => Find(name).Shape.Count;

    public long Size(string name, int dimension) => Find(name).Shape is var shape && dimension < shape.Count
        ? shape[dimension]
        : throw Unknown($"\"{name}\" has only {shape.Count} dimensions");

    /// <summary>How many numbers follow this prefix, counted from 0 without a gap.</summary>
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

    private static string PartName(ModelPart part) => part switch { ModelPart.UNet => "UNet", ModelPart.Vae => "VAE", _ => "OpenCLIP text encoder" };

    private ModelException Unknown(string what) => new(
        $"The file is not a Stable Diffusion 2 model in the original layout: {what} in its {PartName(part)}.",
        "Use Stable Diffusion 2.1-base, or give the model as a folder in diffusers' layout.");
}
