using System.Text.RegularExpressions;

namespace Hypir.Networks.Checkpoints;

/// <summary>
/// Names of earlier versions of diffusers and transformers, which published files still have: the VAE's attention layers (<c>query</c>, <c>key</c>,
/// <c>value</c>, <c>proj_attn</c>), and the text encoder's buffer <c>position_ids</c>, which is no weight.
/// </summary>
public static partial class DiffusersNames
{
    private const string PositionIds = "text_model.embeddings.position_ids";

    /// <summary>The source itself, or a view of it with today's names.</summary>
    /// <param name="source">Weights of one component; the result takes them over.</param>
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
