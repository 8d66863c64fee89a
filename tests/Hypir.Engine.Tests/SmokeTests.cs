namespace Hypir.Engine.Tests;
[TestClass]
public sealed class SmokeTests
{
    [TestMethod]
    public void Torch_loads() { using var x = TorchSharp.torch.ones(3); Assert.AreEqual(3f, x.sum().item<float>()); }
}
