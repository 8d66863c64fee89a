namespace Hypir.Testing;

/// <summary>Small networks with random weights, under the names that they have in people's files.</summary>
public static class SeededNetworks
{
    // Odd, so that float16 weights do not end where the next piece may begin.
    private const int Features = 7;

    /// <summary>A Compact network of two convolutions between the first and the last.</summary>
    public static SeededTensors Compact(int scale, int channels = 3)
    {
        var shapes = new Dictionary<string, long[]>();
        for (int i = 0; i <= 6; i += 2)
        {
            Convolution(shapes, $"body.{i}", i == 0 ? channels : Features, i == 6 ? channels * scale * scale : Features);
            if (i < 6)
                shapes.Add($"body.{i + 1}.weight", [Features]);
        }

        return new(shapes, 7);
    }

    /// <summary>An ESRGAN under BasicSR's names.</summary>
    /// <param name="doublings">How often it doubles the image.</param>
    /// <param name="blocks">Residual blocks.</param>
    public static SeededTensors Esrgan(int doublings, int blocks)
    {
        var shapes = new Dictionary<string, long[]>();
        Convolution(shapes, "conv_first", 3, 8);
        foreach (int block in Enumerable.Range(0, blocks))
        {
            foreach (int dense in Enumerable.Range(1, 3))
            {
                foreach (int index in Enumerable.Range(1, 5))
                    Convolution(shapes, $"body.{block}.rdb{dense}.conv{index}", 8 + 4 * (index - 1), index < 5 ? 4 : 8);
            }
        }

        foreach (string name in (string[])["conv_body", .. Enumerable.Range(1, doublings).Select(i => $"conv_up{i}"), "conv_hr"])
            Convolution(shapes, name, 8, 8);
        Convolution(shapes, "conv_last", 8, 3);
        return new(shapes, 8);
    }

    private static void Convolution(Dictionary<string, long[]> shapes, string name, long from, long to)
    {
        shapes.Add(name + ".weight", [to, from, 3, 3]);
        shapes.Add(name + ".bias", [to]);
    }
}
