using System.Text.Json;
using Hypir.Networks.Perceptual;
using Hypir.Networks.Weights;
using TorchSharp;

namespace Hypir.Testing;

/// <summary>VGG16 with the weights that the goldens' generator seeds: convolutions times √2, in float32.</summary>
public sealed class SeededVgg : IDisposable
{
    private readonly SeededTensors _weights;

    /// <summary>Makes the weights.</summary>
    public SeededVgg(long seed) => _weights = new SeededTensors(ShapeRecorder.Record(w => new Vgg16Features(w)), seed,
        key => key.EndsWith(".weight", StringComparison.Ordinal) ? (float)Math.Sqrt(2) : 1);

    /// <summary>The weights that a case names.</summary>
    public static SeededVgg From(GoldenCase golden) => new(golden.Case.GetProperty("vgg_seed").GetInt64());

    /// <summary>The network in a type.</summary>
    public Vgg16Features Build(torch.ScalarType type) =>
        new(new WeightScope(new CopiedWeights(new CastWeights(new CheckpointWeights(_weights), type, torch.CPU))));

    /// <summary>Compares a tensor with the sums that the case records.</summary>
    public void Check(string name, JsonElement facts)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor wide = _weights.Read(name).to(torch.ScalarType.Float64);
        double scale = facts.GetProperty("abs_sum").GetDouble();
        // Normal numbers from float32 vector code: their last bits differ between processors, which the sums average out.
        Assert.AreEqual(scale, wide.abs().sum().item<double>(), 1e-6 * scale, name);
        Assert.AreEqual(facts.GetProperty("sum").GetDouble(), wide.sum().item<double>(), 1e-6 * scale, name);
        Assert.AreEqual(facts.GetProperty("last").GetDouble(), wide.flatten()[-1].item<double>(), 1e-6, name);
    }

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();
}
