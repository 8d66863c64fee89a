using System.Text.Json;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

/// <summary>Whole runs of the reference, step by step.</summary>
[TestClass]
public sealed class EnhanceTests : TensorTest
{
    /// <summary>
    /// The reference's stages in the order in which they follow from each other: the first over the limit is where to look.
    /// </summary>
    private static readonly string[] Steps = ["reference", "vae_encoding", "generator_forward", "vae_decoding", "before_colour_fix"];

    public static IEnumerable<object[]> Cases() => Directory.Exists(Goldens.Path("enhance"))
        ? Goldens.Cases("*.safetensors", "enhance").Select(path => new object[] { Path.GetFileName(path) })
        : [["(absent)"]];

    [TestMethod]
    [TestCategory("Golden")]
    [DynamicData(nameof(Cases))]
    public void Reference_mode_gives_the_references_numbers(string file)
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(Goldens.Require("enhance", file));
        bool wide = golden.Case.GetProperty("dtype").GetString() == "f64";
        double tolerance = wide ? 1e-10 : 1e-4;
        Tensor image = golden["in.image"];
        RestoreOptions options = Options(golden.Case, wide);
        using var restorer = Machine.Load(Machine.Tiny(), options, Machine.TinyLora());
        StepRecorder steps = Machine.Run(restorer, image, options, scope);
        double worst = 0;
        foreach (string step in Steps.Where(step => golden.Has("step." + step)))
            worst = Math.Max(worst, Numbers.AssertClose(golden["step." + step], steps[step], tolerance, $"{golden.Name}: {step}"));
        double result = Numbers.AssertClose(golden["out.image"], steps["result"], tolerance, $"{golden.Name}: result");
        Console.WriteLine(
            $"{golden.Name}: steps {worst:g3}, result {result:g3}, bytes that differ "
                + $"{DifferentBytes(golden["out.bytes"], steps["result"], wide):p3}"
        );
    }

    private static RestoreOptions Options(JsonElement golden, bool wide)
    {
        int? Number(string name) => golden.TryGetProperty(name, out var value) ? value.GetInt32() : null;
        return new()
        {
            Mode = RestoreMode.Reference,
            Precision = wide ? ComputePrecision.Float64 : ComputePrecision.Float32,
            Device = "cpu",
            Tile = Number("patch_size"),
            Stride = Number("stride"),
            Seed = golden.GetProperty("seed").GetInt64(),
            Prompt = golden.GetProperty("prompt").GetString()!,
            ModelT = Number("model_t"),
            CoeffT = Number("coeff_t"),
            Upscale = golden.TryGetProperty("upscale", out var upscale) ? upscale.GetDouble() : 1,
            LongestSide =
                golden.TryGetProperty("scale_by", out var by) && by.GetString() == "longest_side" ? Number("target_longest_side") : null,
        };
    }

    /// <summary>
    /// Bytes are written as for a file and compared: in float64 none may differ, in float32 one step in a thousandth of them.
    /// </summary>
    private static double DifferentBytes(Tensor expected, Tensor result, bool wide)
    {
        int batch = (int)expected.shape[0], image = (int)(expected.numel() / batch);
        byte[] bytes = new byte[image];
        long differ = 0;
        for (int b = 0; b < batch; b++)
        {
            ImageTensors.Write(result.narrow(0, b, 1), bytes, 0, 8, truncate: true);
            byte[] right = expected[b].contiguous().bytes.ToArray();
            for (int i = 0; i < image; i++)
            {
                Assert.IsTrue(Math.Abs(bytes[i] - right[i]) <= 1, $"Byte {i} is {bytes[i]} instead of {right[i]}.");
                differ += bytes[i] == right[i] ? 0 : 1;
            }
        }
        double share = (double)differ / expected.numel();
        Assert.IsTrue(share <= (wide ? 0 : 0.001), $"{share:p3} of the bytes differ.");
        return share;
    }
}
