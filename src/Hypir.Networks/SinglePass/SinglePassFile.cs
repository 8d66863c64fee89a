using Hypir.Networks.Checkpoints;
using Hypir.Networks.Weights;
using Hypir.Planning.Outlines;

namespace Hypir.Networks.SinglePass;

/// <summary>
/// A file with the weights of a single-pass network, opened: what it is, and its tensors under this project's names. Opening reads headers
/// only; a pickle in it is never executed.
/// </summary>
public sealed class SinglePassFile : IDisposable
{
    /// <summary>More tensors than any of these networks has: the largest have about 2,000.</summary>
    private const int MostTensors = 16_384;

    // What trainers put before every key.
    private static readonly string[] Prefixes = ["module.", "params_ema.", "params.", "state_dict.", "model.", "netG.", "generator."];

    private SinglePassFile(RenamedSource source, SinglePassFamily family, SinglePassOutline outline) =>
        (Source, Family, Outline) = (source, family, outline);

    /// <summary>The weights, under this project's names.</summary>
    public ITensorSource Source { get; }

    /// <summary>The family.</summary>
    public SinglePassFamily Family { get; }

    /// <summary>The network's sizes.</summary>
    public SinglePassOutline Outline { get; }

    /// <summary>Opens a file (.pth, .pt, .safetensors …), told by its content.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">It is damaged, hostile, or no weights.</exception>
    /// <exception cref="ModelException">It is not there, of an unknown network, or its sizes are impossible.</exception>
    public static SinglePassFile Open(string path) => Of(CheckpointFile.Open(path));

    /// <summary>
    /// Whether a file holds a single-pass network: one that can be loaded, is damaged, or is recognized and refused.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">It is damaged, hostile, or no weights.</exception>
    /// <exception cref="ModelException">It is not there.</exception>
    public static bool IsMeant(string path)
    {
        using ITensorSource source = CheckpointFile.Open(path);
        if (source.Tensors.Count > MostTensors)
            return false;
        ITensorSource bare = WithoutPrefix(source);
        var weights = new WeightShapes(bare.Path, bare.Tensors);
        return SinglePassFamilies.Of(weights) is not null || ForeignNetworks.NameOf(weights) is not null;
    }

    /// <summary>Tells what weights are.</summary>
    /// <param name="source">The weights, which the result takes over; they are closed where this fails.</param>
    /// <exception cref="ModelException">They are of an unknown network, or their sizes are impossible.</exception>
    public static SinglePassFile Of(ITensorSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            if (source.Tensors.Count > MostTensors)
            {
                throw new WeightShapes(source.Path, source.Tensors).Wrong(
                    $"the file holds {source.Tensors.Count} tensors; no network that is known here has as many");
            }

            ITensorSource bare = WithoutPrefix(source);
            var weights = new WeightShapes(bare.Path, bare.Tensors);
            // Networks that extend a family have its keys, too.
            if (ForeignNetworks.NameOf(weights) is { } foreign)
            {
                throw new ModelException(
                    $"{weights.Path}: this is {foreign}, which is not supported.", $"Choose a model of a supported architecture: "
                        + $"{Supported}.");
            }

            SinglePassFamily family = SinglePassFamilies.Of(weights) ?? throw new ModelException(
                $"{weights.Path}: the network that these weights belong to is unknown.",
                $"Supported are {Supported}, and models with the architecture of Stable Diffusion 2.1.");
            RenamedSource renamed = Renamed(bare, family, weights);
            SinglePassOutline outline = family.Describe(new(renamed.Path, renamed.Tensors));
            Check(renamed, outline);
            return new(renamed, family, outline);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Refuses to be mixed with another network.</summary>
    /// <param name="other">The other file.</param>
    /// <exception cref="ModelException">It is of another family or other sizes.</exception>
    public void RequireSame(SinglePassFile other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Family != Family || !Shapes(this).SequenceEqual(Shapes(other)) || other.Outline.Scale != Outline.Scale)
        {
            throw new ModelException(
                $"{other.Source.Path} ({other.Outline.Title}) cannot be mixed into {Source.Path} ({Outline.Title}).",
                "Choose two files of the same network.");
        }

        static IEnumerable<string> Shapes(SinglePassFile file) =>
            file.Outline.Weights.Select(weight => $"{weight.Name} {string.Join(',', weight.Shape)}");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => Source.Dispose();

    private static void Check(RenamedSource source, SinglePassOutline outline)
    {
        var weights = new WeightShapes(source.Path, source.Tensors);
        if (outline.Scale is < 1 or > SinglePassOutline.MaxScale)
            throw weights.Wrong($"the network would enlarge {outline.Scale} times; 1 to {SinglePassOutline.MaxScale} are possible");
        if (outline.InChannels is not (1 or 3 or 4) || outline.OutChannels is not (1 or 3 or 4))
            throw weights.Wrong(
                $"the network takes {outline.InChannels} and gives {outline.OutChannels} channels; images have 1, 3 or 4");
        if (outline.OutChannels == 1 && outline.InChannels != 1)
            throw weights.Wrong($"the network makes a gray image of {outline.InChannels} channels, which is not supported");
        var needed = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var weight in outline.Weights)
            needed.Add(weight.Name, [.. weight.Shape]);
        KeyCheck.Require(source, needed);
        if (source.Tensors.Values.FirstOrDefault(info => !IsFloating(info.DType)) is { } other)
            throw weights.Wrong($"{other.Name} holds {other.DType} numbers, where weights are floating-point");
    }

    private static bool IsFloating(TorchSharp.torch.ScalarType type) => type
        is TorchSharp.torch.ScalarType.Float16 or TorchSharp.torch.ScalarType.BFloat16
        or TorchSharp.torch.ScalarType.Float32 or TorchSharp.torch.ScalarType.Float64;

    private static ITensorSource WithoutPrefix(ITensorSource source)
    {
        ITensorSource result = source;
        // Wrappers within wrappers occur; more than these are no trainer's work.
        for (int depth = 0; depth < 4; depth++)
        {
            if (Prefixes.FirstOrDefault(prefix => HasPrefix(result, prefix)) is not { } prefix)
                break;
            result = new RenamedSource(
                result,
                result.Tensors.Values
                    .Where(info => info.Name.StartsWith(prefix, StringComparison.Ordinal))
                    .ToDictionary(info => info.Name[prefix.Length..], RenamedTensor.Whole, StringComparer.Ordinal),
                ownsInner: true);
        }

        return result;
    }

    // A file that holds averaged weights beside the others has both prefixes: the averaged ones are those meant for use. "model." is also
    // where the original ESRGAN's own names begin: those are no prefix.
    private static bool HasPrefix(ITensorSource source, string prefix) => prefix == "params_ema."
        ? source.Tensors.Keys.Any(key => key.StartsWith(prefix, StringComparison.Ordinal))
        : source.Tensors.Count > 0 && source.Tensors.Keys.All(
            key => key.StartsWith(prefix, StringComparison.Ordinal) && key.Length > prefix.Length
                && !char.IsAsciiDigit(key[prefix.Length]));

    private static RenamedSource Renamed(ITensorSource source, SinglePassFamily family, WeightShapes weights)
    {
        var names = new Dictionary<string, RenamedTensor>(StringComparer.Ordinal);
        foreach (TensorInfo info in source.Tensors.Values)
        {
            if (family.Rename(weights, info.Name) is { } name && !names.TryAdd(name, RenamedTensor.Whole(info)))
                throw weights.Wrong($"two tensors stand for {name}");
        }

        return new RenamedSource(source, names, ownsInner: true);
    }

    private static string Supported => string.Join(", ", SinglePassFamilies.All.Select(family => family.Name));
}
