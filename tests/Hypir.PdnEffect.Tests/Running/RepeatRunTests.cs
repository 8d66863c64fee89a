using Hypir.PdnEffect.Tests.Support;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Running;

namespace Hypir.PdnEffect.Tests.Running;

/// <summary>The effect repeated without its dialog.</summary>
[TestClass]
public sealed class RepeatRunTests : EngineBackedTest
{
    [TestMethod]
    public async Task It_computes_for_new_pixels_and_never_again_for_the_same()
    {
        var first = new TestLayer(60, 40);
        RestoredRegion result = await Task.Run(
            () => RepeatRun.Ensure(first, new(), null, Access, Language.English, TestContext.CancellationToken),
            TestContext.CancellationToken);
        Assert.AreEqual(1, await JobsAsync());
        Assert.AreSame(
            result, RepeatRun.Ensure(new TestLayer(60, 40), new(), result, Access, Language.English, TestContext.CancellationToken));
        Assert.AreEqual(1, await JobsAsync());
        Assert.AreNotSame(
            result,
            await Task.Run(
                () =>
                    RepeatRun.Ensure(
                        new TestLayer(60, 40, seed: 2), new(), result, Access, Language.English, TestContext.CancellationToken),
                TestContext.CancellationToken
            )
        );
        Assert.AreEqual(2, await JobsAsync());
    }

    [TestMethod]
    public async Task It_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        Task<RestoredRegion> run = Task.Run(
            () => RepeatRun.Ensure(new TestLayer(1600, 1200), new(), null, Access, Language.English, cancellation.Token),
            TestContext.CancellationToken);
        while ((await Client.GetStatusAsync(TestContext.CancellationToken)).Running is null)
            Assert.IsFalse(run.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => run);
    }

    [TestMethod]
    public void Without_an_engine_it_says_what_to_do()
    {
        var failure = Assert.ThrowsExactly<RestorationException>(() =>
            RepeatRun.Ensure(
                new TestLayer(9, 9),
                new(),
                null,
                Access with
                {
                    Location = null,
                },
                Language.English,
                TestContext.CancellationToken
            )
        );
        StringAssert.Contains(failure.Message, "Install Hypir");
        StringAssert.Contains(failure.ToString(), "EngineMissing");
    }
}
