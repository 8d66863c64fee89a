using Hypir.Networks.Fast;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Fast;

/// <summary>Group normalization of maps, whole or in two parts, against the library's in float64.</summary>
[TestClass]
public sealed class FastNormTests : TensorTest
{
    /// <summary>
    /// Groups within, across and of several vectors; positions beyond those that are added up in float32; means far beyond the deviations,
    /// and variances as small as epsilon.
    /// </summary>
    [TestMethod]
    [DataRow(16, 0, 4, 1, 1, 0.0, 1.0)]
    [DataRow(16, 0, 4, 7, 5, 0.0, 1.0)]
    [DataRow(48, 0, 2, 23, 45, 3.0, 1.0)]
    [DataRow(128, 0, 32, 9, 70, 100.0, 1.0)]
    [DataRow(32, 0, 32, 33, 31, -20.0, 0.01)]
    [DataRow(16, 32, 3, 13, 9, 1.0, 0.02)]
    [DataRow(64, 16, 4, 12, 50, 0.5, 2.0)]
    [DataRow(20, 0, 4, 6, 6, 0.5, 2.0)]
    [DataRow(20, 12, 4, 6, 6, 0.5, 2.0)]
    public void Any_map_with_and_without_activation(int first, int second, int groups, int height, int width, double mean, double deviation)
    {
        const double epsilon = 1e-4;
        int channels = first + second;
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var weights = new LayerWeights(new Dictionary<string, long[]> { ["weight"] = [channels], ["bias"] = [channels] });
        using var generator = new Generator(1);
        Tensor x = randn([2, height, width, channels], generator: generator).mul_(deviation).add_(mean);
        foreach (string? activation in new[] { null, "silu", "mish" })
        {
            FastMap map = new(x.narrow(3, 0, first).contiguous());
            if (second > 0)
                map = FastMap.Beside(map, new(x.narrow(3, first, second).contiguous()));
            Tensor y = new FastNorm(weights.Kept, weights.In(float32), groups, channels, epsilon, activation).Apply(map);
            Float32Errors.Compare(Plain(float64), Plain(float32), y, $"{activation}");

            Tensor Plain(ScalarType type)
            {
                Tensor normal = nn.functional.group_norm(
                    x.to(type).permute(0, 3, 1, 2), groups, weights.Tensor("weight", type), weights.Tensor("bias", type), epsilon);
                Tensor active = activation switch
                {
                    "silu" => nn.functional.silu(normal),
                    "mish" => nn.functional.mish(normal),
                    _ => normal,
                };
                return active.permute(0, 2, 3, 1).contiguous();
            }
        }
    }
}
