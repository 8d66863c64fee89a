using System.Globalization;
using Hypir.Networks.Checkpoints;
using static TorchSharp.torch;

namespace Hypir.Testing;

/// <summary>
/// Writes the weights of a Compact network or of an ESRGAN as converters to ncnn do: a <c>.param</c> file that describes the layers, and a
/// <c>.bin</c> file.
/// </summary>
public sealed class NcnnWriter
{
    private readonly List<Layer> _layers = [new("Input", "data", [], ["data"], "")];
    private readonly List<byte> _bytes = [];
    private readonly ITensorSource _weights;
    private readonly bool _half;
    private readonly bool _plain;

    private NcnnWriter(ITensorSource weights, bool half, bool plain) => (_weights, _half, _plain) = (weights, half, plain);

    /// <summary>The layers, which a test may change before they are written.</summary>
    public List<Layer> Layers => _layers;

    /// <summary>A Compact network.</summary>
    /// <param name="weights">Tensors under the usual names.</param>
    /// <param name="scale">By how much it enlarges.</param>
    /// <param name="half">Whether weights are written as float16.</param>
    public static NcnnWriter Compact(ITensorSource weights, int scale, bool half)
    {
        var writer = new NcnnWriter(weights, half, plain: false);
        string blob = "data";
        for (int i = 0; weights.Tensors.ContainsKey($"body.{i}.weight"); i++)
            blob = i % 2 == 0 ? writer.Convolve($"body.{i}", blob) : writer.PRelu($"body.{i}", blob);
        if (scale > 1)
            blob = writer.Add("PixelShuffle", [blob], $"0={scale}");
        string image = scale > 1 ? writer.Repeat("data", scale) : "data";
        writer.Add("BinaryOp", [blob, image], "0=0");
        return writer;
    }

    /// <summary>An ESRGAN.</summary>
    /// <param name="weights">Tensors under BasicSR's names.</param>
    /// <param name="half">Whether weights are written as float16.</param>
    /// <param name="plain">Whether layers are written as they are, not fused as ncnn's optimizer does.</param>
    public static NcnnWriter Esrgan(ITensorSource weights, bool half, bool plain)
    {
        var writer = new NcnnWriter(weights, half, plain);
        string first = writer.Convolve("conv_first", "data"), blob = first;
        for (int block = 0; weights.Tensors.ContainsKey($"body.{block}.rdb1.conv1.weight"); block++)
        {
            string before = blob;
            for (int dense = 1; dense <= 3; dense++)
            {
                List<string> parts = [blob];
                for (int index = 1; index <= 4; index++)
                    parts.Add(writer.Activated($"body.{block}.rdb{dense}.conv{index}", writer.Join(parts)));
                blob = writer.Residual(writer.Convolve($"body.{block}.rdb{dense}.conv5", writer.Join(parts)), blob);
            }

            blob = writer.Residual(blob, before);
        }

        blob = writer.Add("BinaryOp", [first, writer.Convolve("conv_body", blob)], "0=0");
        for (int index = 1; weights.Tensors.ContainsKey($"conv_up{index}.weight"); index++)
            blob = writer.Activated($"conv_up{index}", writer.Repeat(blob, 2));
        writer.Convolve("conv_last", writer.Activated("conv_hr", blob));
        return writer;
    }

    /// <summary>Adds a layer with one result.</summary>
    public string Add(string kind, IReadOnlyList<string> inputs, string values)
    {
        string name = $"{kind}_{_layers.Count}";
        _layers.Add(new(kind, name, inputs, [name], values));
        return name;
    }

    /// <summary>Writes both files.</summary>
    /// <param name="param">The path of the <c>.param</c> file.</param>
    public void Save(string param)
    {
        File.WriteAllText(param, Text());
        File.WriteAllBytes(Path.ChangeExtension(param, ".bin"), [.. _bytes]);
    }

    // A blob that several layers read is split first, as ncnn wants it.
    private string Text()
    {
        var readers = _layers.SelectMany(layer => layer.Inputs).CountBy(blob => blob).ToDictionary();
        var used = new Dictionary<string, int>();
        var lines = new List<string>();
        int blobs = 0;
        foreach (Layer layer in _layers)
        {
            string[] inputs = [.. layer.Inputs.Select(blob => readers[blob] == 1 ? blob : $"{blob}_split_{Next(blob)}")];
            Write(layer with { Inputs = inputs });
            foreach (string blob in layer.Outputs.Where(blob => readers.GetValueOrDefault(blob) > 1))
            {
                string[] parts = [.. Enumerable.Range(0, readers[blob]).Select(index => $"{blob}_split_{index}")];
                Write(new("Split", $"split_{blob}", [blob], parts, ""));
            }
        }

        return $"7767517\n{lines.Count} {blobs}\n{string.Join('\n', lines)}\n";

        int Next(string blob) => used[blob] = used.GetValueOrDefault(blob, -1) + 1;

        void Write(Layer layer)
        {
            blobs += layer.Outputs.Count;
            string[] words = [.. layer.Inputs, .. layer.Outputs, layer.Values];
            string name = $"{layer.Kind,-16} {layer.Name,-24}";
            lines.Add($"{name} {layer.Inputs.Count} {layer.Outputs.Count} {string.Join(' ', words)}");
        }
    }

    private string Convolve(string key, string input, string activation = "")
    {
        using Tensor weight = _weights.Read(key + ".weight"), bias = _weights.Read(key + ".bias");
        _bytes.AddRange(BitConverter.GetBytes(_half ? 0x01306B47u : 0));
        Write(weight, _half ? ScalarType.Float16 : ScalarType.Float32);
        Write(bias, ScalarType.Float32);
        return Add("Convolution", [input], $"0={weight.shape[0]} 1=3 4=1 5=1 6={weight.numel()}{activation}");
    }

    private string Activated(string key, string input) => _plain
        ? Add("ReLU", [Convolve(key, input)], "0=2.000000e-01")
        : Convolve(key, input, " 9=2 -23310=1,2.000000e-01");

    private string PRelu(string key, string input)
    {
        using Tensor slope = _weights.Read(key + ".weight");
        Write(slope, ScalarType.Float32);
        return Add("PReLU", [input], $"0={slope.numel()}");
    }

    private string Join(List<string> parts) => parts.Count == 1 ? parts[0] : Add("Concat", [.. parts], "");

    private string Repeat(string input, int times) => Add(
        "Interp", [input], string.Create(CultureInfo.InvariantCulture, $"0=1 1={times:0.000000e+00} 2={times:0.000000e+00}"));

    private string Residual(string x, string to) => _plain
        ? Add("BinaryOp", [Add("BinaryOp", [x], "0=2 1=1 2=2.000000e-01"), to], "0=0")
        : Add("Eltwise", [x, to], "0=1 -23301=2,2.000000e-01,1.000000e+00");

    private void Write(Tensor numbers, ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor plain = numbers.to(type).contiguous();
        _bytes.AddRange(plain.bytes);
        while (_bytes.Count % 4 != 0)
            _bytes.Add(0);
    }

    /// <summary>A line of the description.</summary>
    public sealed record Layer(
        string Kind, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, string Values);
}
