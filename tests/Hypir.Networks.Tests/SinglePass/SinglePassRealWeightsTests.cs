using Hypir.Networks.SinglePass;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.SinglePass;

/// <summary>Published weights, which may not be part of the repository, if they are in the folder beside it.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class SinglePassRealWeightsTests : TensorTest
{
    [TestMethod]
    public void Fast_networks_compute_what_PyTorch_computes()
    {
        string folder = Path.Combine(Repository.Root, "..", "shared", "models", "real");
        if (!Directory.Exists(folder))
            Assert.Inconclusive("There are no published weights beside the repository.");
        string[] files = [.. Directory.GetFiles(folder, "*.pth").Order(StringComparer.Ordinal)];
        Assert.IsNotEmpty(files);
        foreach (string path in files)
        {
            using var golden = new GoldenCase(Path.ChangeExtension(path, ".expected.safetensors"));
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using SinglePassModel model = SinglePassModel.Load(SinglePassFile.Open(path), ScalarType.Float32);
            Assert.IsTrue(model.Rewrite(), path);
            Tensor plain = golden["y32"], fast = model.Evaluate(golden["x"].to(ScalarType.Float32), fast: true);
            string name = Path.GetFileName(path);
            Float32Errors.Compare(golden["y64"], plain, fast, name);
            long levels = (Levels(plain) - Levels(fast)).abs().max().item<long>();
            Assert.IsLessThanOrEqualTo(1, levels, $"{name}: {levels} of 255");
        }
    }

    private static Tensor Levels(Tensor x) => x.clamp(0, 1).mul(255).round().to(ScalarType.Int64);
}
