using System.Globalization;

namespace Hypir.Networks.SinglePass.Esrgan;

/// <summary>The layouts of names that ESRGAN's files have.</summary>
internal static class EsrganNames
{
    private const string OldBlocks = "model.1.sub.";

    // The author's names, longest first where one begins another.
    private static readonly (string From, string To)[] Author =
    [
        ("RRDB_trunk.", "body."), ("trunk_conv.", "conv_body."), ("upconv", "conv_up"), ("HRconv.", "conv_hr."),
    ];

    /// <summary>Whether names are those of the first release: the modules' positions in a sequence.</summary>
    public static bool IsOld(WeightShapes weights) => weights.Has("model.0.weight", "model.1.sub.0.RDB1.conv1.0.weight");

    /// <summary>The name of a tensor whose file has the author's names or BasicSR's.</summary>
    public static string OfAuthor(string key)
    {
        foreach ((string from, string to) in Author)
        {
            if (key.StartsWith(from, StringComparison.Ordinal))
                return to + key[from.Length..].Replace(".RDB", ".rdb", StringComparison.Ordinal);
        }

        return key;
    }

    /// <summary>The name of a tensor whose file has the names of the first release; unknown ones stay as they are.</summary>
    /// <param name="weights">The file's keys.</param>
    /// <param name="key">The tensor's.</param>
    public static string OfOld(WeightShapes weights, string key)
    {
        // "model.1.sub.0.RDB1.conv1.0.weight"; the convolution after the last block is "model.1.sub.23.weight".
        string[] parts = key.Split('.');
        if (key.StartsWith(OldBlocks, StringComparison.Ordinal))
        {
            return parts switch
            {
                [_, _, _, var block, ['R', 'D', 'B', .. var dense], var convolution, "0", var kind] =>
                    $"body.{block}.rdb{dense}.{convolution}.{kind}",
                [_, _, _, _, "weight" or "bias"] => $"conv_body.{parts[^1]}",
                _ => key,
            };
        }

        IReadOnlyList<int> positions = weights.Numbers("model");
        int index = parts is ["model", var number, "weight" or "bias"]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int own) ? IndexOf(positions, own) : -1;
        string? name = index < 0 ? null
            : index == 0 ? "conv_first"
            : index == positions.Count - 1 ? "conv_last"
            : index == positions.Count - 2 ? "conv_hr"
            : $"conv_up{index}";
        return name is null ? key : $"{name}.{parts[^1]}";
    }

    // A network has a handful: of more than that none is looked for, however many a file claims.
    private static int IndexOf(IReadOnlyList<int> positions, int position)
    {
        for (int i = 0; i < Math.Min(positions.Count, 16); i++)
        {
            if (positions[i] == position)
                return i;
        }

        return -1;
    }
}
