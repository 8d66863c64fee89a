using System.Reflection;

namespace Hypir.TrainTool.Tests.Code;

/// <summary>Reads what was compiled: libtorch convolves only where free memory cannot get into the result.</summary>
[TestClass]
public sealed class ConvolutionGuardTests
{
    private const string Safe = "WholeBlocks";

    /// <summary>Convolutions that need no whole blocks, and why.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["DepthwiseConv2d"] = "a group for each channel",
        ["BlurPool"] = "a group for each channel",
        ["ModulatedConv2d"] = "a group for each image",
        ["GroupedProductConvolution`1"] = "a group for each product, kernels of one pixel",
        ["Lpips"] = "kernels of one pixel",
        ["DenseSharpener"] = "a group for each plane; measures only",
        ["Metrics"] = "one channel",
        ["BlockCorrelation"] = "one channel",
    };

    [TestMethod]
    public void Libtorch_convolves_through_WholeBlocks()
    {
        string[] callers =
        [
            .. new[] { "Hypir.Networks", "Hypir.Restoration", "Hypir.Training", "hypir", "hypir-train" }
                .SelectMany(assembly => CalledMethods.In(Assembly.Load(assembly)))
                .Where(method => CalledMethods.Of(method).Any(IsConvolution))
                .Select(method => Outermost(method.DeclaringType!)).Distinct(),
        ];
        Assert.Contains(Safe, callers);
        string[] wrong = [.. callers.Where(name => name != Safe && !Others.ContainsKey(name))];
        Assert.IsEmpty(wrong, $"Call {Safe}, or say here why free memory cannot get into the result: {string.Join(", ", wrong)}");
        Assert.IsEmpty(Others.Keys.Except(callers), "These no longer convolve.");
    }

    private static bool IsConvolution(MethodBase called) =>
        called.Name is "conv2d" or "Conv2d" && called.DeclaringType!.Namespace == nameof(TorchSharp);

    /// <summary>The type that a person wrote, for the compiler's types inside it.</summary>
    private static string Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type.Name;
}
