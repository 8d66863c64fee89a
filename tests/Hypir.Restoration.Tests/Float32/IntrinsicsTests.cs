using Hypir.Testing;

namespace Hypir.Restoration.Tests.Float32;

/// <summary>The pipeline's loops and whole images on the code paths of lesser processors.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class IntrinsicsTests
{
    private static readonly Type[] Classes =
        [typeof(FiniteCheckTests), typeof(Float32AlphaTests), typeof(Float32LoopTests), typeof(Float32ImageTests)];

    [TestMethod]
    public void Without_avx512() => IntrinsicsRunner.Run(ProcessorLimit.NoAvx512, Classes);

    [TestMethod]
    public void Without_avx2() => IntrinsicsRunner.Run(ProcessorLimit.NoAvx2, Classes);
}
