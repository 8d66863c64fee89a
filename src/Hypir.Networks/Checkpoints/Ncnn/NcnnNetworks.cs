namespace Hypir.Networks.Checkpoints.Ncnn;

/// <summary>
/// The networks that are known in ncnn's form, Compact and ESRGAN. What a file computes is compared with the network term by term: a file
/// whose graph differs would give another image without complaint.
/// </summary>
internal static class NcnnNetworks
{
    private const double Slope = 0.2;

    // ESRGAN's dense blocks in a residual block, and their convolutions.
    private const int Dense = 3;
    private const int Convolutions = 5;

    /// <summary>The layers with weights, in the order of the weights, with the names that the networks' own files have.</summary>
    /// <exception cref="CheckpointException">The graph is damaged.</exception>
    /// <exception cref="ModelException">It is another network.</exception>
    public static IReadOnlyList<(NcnnLayer Layer, string Name)> NamesOf(TensorFile file, IReadOnlyList<NcnnLayer> layers)
    {
        var graph = new NcnnGraph(file, layers);
        NcnnLayer[] weighted = [.. layers.Where(layer => layer.Kind is "Convolution" or "PReLU")];
        bool compact = weighted.Any(layer => layer.Kind == "PReLU");
        if (compact)
            CheckSpread(file, graph.Shuffle, weighted);
        (int result, List<string> names) = compact ? Compact(graph, weighted) : Esrgan(graph, weighted.Length);
        return result == graph.Result && names.Count == weighted.Length
            ? [.. weighted.Zip(names)]
            : throw NcnnGraph.Unknown(file, $"its layers are joined in another way than those of {(compact ? "Compact" : "ESRGAN")}");
    }

    /// <summary>The weights' shapes tell a network's scale: it must be the one that the layers have.</summary>
    private static void CheckSpread(TensorFile file, int shuffle, NcnnLayer[] weighted)
    {
        NcnnLayer[] convolutions = [.. weighted.Where(layer => layer.Kind == "Convolution")];
        if (convolutions is not [var first, .., var last])
            throw NcnnGraph.Unknown(file, "it has fewer than two convolutions");
        long colors = first.Whole(6, 0) / (9 * Math.Max(1L, first.Whole(0, 0))), needed = colors * shuffle * shuffle;
        if (last.Whole(0, 0) != needed)
        {
            throw NcnnGraph.Unknown(
                file, $"its last convolution makes {last.Whole(0, 0)} channels, and {colors} colors, spread over {shuffle}x{shuffle} "
                    + $"pixels, need {needed}");
        }
    }

    private static (int Result, List<string> Names) Compact(NcnnGraph graph, NcnnLayer[] weighted)
    {
        NcnnTerms terms = graph.Terms;
        var names = new List<string>();
        int x = terms.Image, convolutions = 0, activations = 0;
        foreach (NcnnLayer layer in weighted)
        {
            x = layer.Kind == "PReLU" ? terms.PRelu(activations++, x) : terms.Convolution(convolutions++, x);
            names.Add($"body.{names.Count}");
        }

        return (terms.Sum(terms.Shuffled(graph.Shuffle, x), terms.Repeated(graph.Shuffle, terms.Image)), names);
    }

    private static (int Result, List<string> Names) Esrgan(NcnnGraph graph, int count)
    {
        NcnnTerms terms = graph.Terms;
        var names = new List<string>();
        int doublings = graph.Enlargements.Count, first = Convolve("conv_first", terms.Image), x = first;
        // The four beside blocks and doublings: first, after the blocks, and the last two.
        int blocks = (count - 4 - doublings) / (Dense * Convolutions);
        for (int block = 0; block < blocks; block++)
        {
            int before = x;
            for (int dense = 1; dense <= Dense; dense++)
            {
                List<int> parts = [x];
                for (int index = 1; index < Convolutions; index++)
                    parts.Add(terms.LeakyRelu(Slope, Convolve($"body.{block}.rdb{dense}.conv{index}", terms.Joined([.. parts]))));
                int last = Convolve($"body.{block}.rdb{dense}.conv{Convolutions}", terms.Joined([.. parts]));
                x = terms.Sum(terms.Scaled(Slope, last), x);
            }

            x = terms.Sum(terms.Scaled(Slope, x), before);
        }

        x = terms.Sum(Convolve("conv_body", x), first);
        for (int index = 1; index <= doublings; index++)
            x = terms.LeakyRelu(Slope, Convolve($"conv_up{index}", terms.Repeated(2, x)));
        x = terms.LeakyRelu(Slope, Convolve("conv_hr", x));
        return (Convolve("conv_last", x), names);

        int Convolve(string name, int map)
        {
            names.Add(name);
            return terms.Convolution(names.Count - 1, map);
        }
    }
}
