using Hypir.Networks.Tests.SinglePass;
using Hypir.Testing;

namespace Hypir.Networks.Tests.Fast;

/// <summary>The tests of kernels and of whole networks, on the code paths of lesser processors.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class IntrinsicsTests
{
    private static readonly Type[] Classes =
    [
        typeof(TileProductsTests),
        typeof(VectorFunctionsTests),
        typeof(FastNormTests),
        typeof(FastLinearTests),
        typeof(WinogradPassTests),
        typeof(Float32NetworkTests),
        typeof(NarrowConvTests),
        typeof(FastGradientsTests),
        typeof(SinglePassFastTests),
    ];

    [TestMethod]
    public void Without_avx512() => IntrinsicsRunner.Run(ProcessorLimit.NoAvx512, [.. Classes, typeof(BlockSequencesTests)]);

    /// <summary>
    /// Networks leave transformers to the library there: blocks of tokens, which take a minute, are tested only with HYPIR_LONG=1.
    /// </summary>
    [TestMethod]
    public void Without_avx2() =>
        IntrinsicsRunner.Run(
            ProcessorLimit.NoAvx2,
            Environment.GetEnvironmentVariable("HYPIR_LONG") == "1" ? [.. Classes, typeof(BlockSequencesTests)] : Classes);

    /// <summary>Only a processor that lacks the instructions anyhow may take no notice of a switch.</summary>
    [TestMethod]
    public void A_switch_without_effect_fails()
    {
        foreach (ProcessorLimit limit in ProcessorLimit.All.Where(limit => limit.Remaining().Any()))
        {
            (int code, string output) = IntrinsicsRunner.Start(limit, "DOTNET_EnableNothingThatIsKnown", typeof(TileProductsTests));
            Assert.AreNotEqual(0, code);
            StringAssert.Contains(output, "has no effect");
        }
    }
}
