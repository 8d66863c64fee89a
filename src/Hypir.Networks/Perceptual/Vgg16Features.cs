using Hypir.Networks.Layers;
using Hypir.Networks.Weights;
using static TorchSharp.torch;

namespace Hypir.Networks.Perceptual;

/// <summary>
/// The convolutions of VGG16 (Simonyan and Zisserman, 2015), with names as in torchvision's checkpoint (<c>features.N.weight</c>). The
/// file's classifier is not needed.
/// </summary>
public sealed class Vgg16Features : NetworkModule
{
    /// <summary>Channels of each feature map.</summary>
    public static IReadOnlyList<long> Channels { get; } = [64, 128, 256, 512, 512];

    private static readonly int[] Layers = [2, 2, 3, 3, 3];
    private readonly Conv2d[][] _levels;

    /// <summary>Builds the network from its weights.</summary>
    /// <param name="weights">Root of the weights, the place above <c>features</c>.</param>
    public Vgg16Features(WeightScope weights)
        : base(nameof(Vgg16Features))
    {
        ModuleGroup features = this.Child("features", new ModuleGroup("features"));
        _levels = new Conv2d[Layers.Length][];
        long before = 3;
        int index = 0;
        for (int level = 0; level < Layers.Length; level++)
        {
            _levels[level] = new Conv2d[Layers[level]];
            for (int layer = 0; layer < Layers[level]; layer++)
            {
                _levels[level][layer] = features.Child(
                    $"{index}", new Conv2d(weights[$"features.{index}"], before, Channels[level], 3, padding: 1));
                before = Channels[level];
                index += 2; // the convolution and its ReLU
            }

            index++; // the pooling
        }
    }

    /// <summary>The maps after the last ReLU before each pooling, and the final map.</summary>
    /// <param name="x">Normalized images, (B, 3, H, W); H and W at least 16.</param>
    /// <param name="run">Observes and cancels.</param>
    /// <returns>Five maps, (B, 64 … 512, H / 1 … 16, W / 1 … 16), owned by the caller.</returns>
    public IReadOnlyList<Tensor> Forward(Tensor x, NetworkRun? run = null)
    {
        run ??= NetworkRun.Unobserved;
        using var scope = NewDisposeScope();
        var maps = new List<Tensor>();
        foreach (Conv2d[] level in _levels)
        {
            run.EnterBlock($"features.{maps.Count}");
            Tensor map = maps.Count == 0 ? x : maps[^1];
            bool pool = maps.Count > 0;
            maps.Add(run.Compute(t => Level(level, t, pool), map));
        }

        foreach (Tensor map in maps)
            map.MoveToOuterDisposeScope();
        return maps;
    }

    private static Tensor Level(Conv2d[] convolutions, Tensor x, bool pool)
    {
        Tensor h = pool ? nn.functional.max_pool2d(x, [2, 2]) : x.alias();
        foreach (Conv2d convolution in convolutions)
            h = h.Then(convolution.call).Then(t => nn.functional.relu(t));
        return h;
    }
}
