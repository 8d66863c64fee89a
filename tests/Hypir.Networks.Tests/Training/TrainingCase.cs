using System.Text.Json;
using Hypir.Networks.Discriminator;
using Hypir.Networks.Weights;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Training;

/// <summary>The goldens of training: how their cases describe networks.</summary>
internal static class TrainingCase
{
    /// <summary>Of every number in these cases, relative to the largest; they are float64.</summary>
    public const double Tolerance = 1e-10;

    public static GoldenCase Open(string name) => new(Goldens.Require("training", name + ".safetensors"));

    public static DecoderConfig Decoder(JsonElement json) => new()
    {
        MapChannels = Longs(json.GetProperty("in_ch1")),
        EmbedDim = json.GetProperty("in_ch2").GetInt64(),
        Channels = json.GetProperty("out_ch").GetInt64(),
    };

    public static ConvNextConfig Tower(JsonElement json) => new()
    {
        Depths = [.. Longs(json.GetProperty("depths")).Select(v => (int)v)],
        Dims = Longs(json.GetProperty("dims")),
        EmbedDim = json.GetProperty("embed").GetInt64(),
        NormEpsilon = json.GetProperty("norm_eps").GetDouble(),
    };

    public static WeightScope Weights(GoldenCase golden, string prefix, Func<string, string>? rename = null) =>
        new(new GoldenWeights(golden, prefix, rename));

    /// <summary>Compares and tells; returns the error.</summary>
    public static double Close(GoldenCase golden, string name, Tensor actual, double tolerance = Tolerance)
    {
        double error = Numbers.AssertClose(golden[name], actual, tolerance, $"{golden.Name}: {name}");
        Console.WriteLine($"{name}: {error:g2}");
        return error;
    }

    private static long[] Longs(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetInt64())];
}
