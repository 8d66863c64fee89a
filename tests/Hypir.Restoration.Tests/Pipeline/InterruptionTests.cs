using System.Runtime.InteropServices;
using Hypir.Planning;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

/// <summary>What ends a job in the middle of a stage leaves no tensor alive, and the next job's numbers are as ever.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class InterruptionTests : TensorTest
{
    private static readonly RestoreOptions Options = new() { Device = "cpu", Tile = 64, Stride = 48 };

    public static IEnumerable<object[]> Places() =>
        from stage in new[] { RestoreStage.Encoding, RestoreStage.Restoring, RestoreStage.Decoding, RestoreStage.Finishing }
        from place in new[] { (Block: 0, Mode: RestoreMode.Reference), (Block: 5, Mode: RestoreMode.Fast) }
        select new object[] { stage, place.Block, place.Mode };

    [TestMethod]
    [DynamicData(nameof(Places))]
    public void Cancelling_ends_the_job_before_the_next_block(RestoreStage stage, int block, RestoreMode mode)
    {
        using var source = new CancellationTokenSource();
        int after = 0;
        Interrupt<OperationCanceledException>(mode, (at, index) =>
        {
            if (source.IsCancellationRequested)
                after++;
            if (at == stage && index == block)
                source.Cancel();
        }, source.Token);
        Assert.AreEqual(0, after, "Blocks were computed after the cancellation.");
    }

    [TestMethod]
    [DynamicData(nameof(Places))]
    public void A_failure_within_a_network_leaves_nothing_behind(RestoreStage stage, int block, RestoreMode mode) =>
        Interrupt<ExternalException>(mode, (at, index) =>
        {
            // More than any machine has: libtorch's allocator fails as it does when memory has run out.
            if (at == stage && index == block)
                empty(1L << 55, float32).Dispose();
        });

    [TestMethod]
    public void A_job_that_was_cancelled_before_it_began_computes_nothing()
    {
        using var scope = NewDisposeScope();
        using var restorer = Machine.Load(Machine.Nano, Options);
        var steps = new StepRecorder(scope);
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            Machine.Run(restorer, rand(1, 3, 80, 70), Options, scope, steps, cancellation: new CancellationToken(true))
        );
        Assert.AreEqual(0, steps.Blocks.Count);
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            Machine.Run(
                restorer,
                rand(1, 3, 80, 70),
                Options with
                {
                    Strength = 0,
                },
                scope,
                steps,
                cancellation: new CancellationToken(true)
            )
        );
    }

    private static void Interrupt<T>(RestoreMode mode, Action<RestoreStage, int> onBlock, CancellationToken cancellation = default)
        where T : Exception
    {
        using var scope = NewDisposeScope();
        RestoreOptions options = Options with { Mode = mode, Upscale = 1.5 };
        // Wide enough that finishing takes several bands.
        Tensor image = rand(1, 3, 160, 40);
        using var restorer = Machine.Load(Machine.Nano, options);
        Tensor right = Machine.Run(restorer, image, options, scope, cancellation: CancellationToken.None)["result"];
        long before = LiveTensors;
        var counts = new Dictionary<RestoreStage, int>();
        using (var inner = NewDisposeScope())
        {
            var steps = new StepRecorder(inner)
            {
                OnBlock = (stage, _) => onBlock(stage, (counts[stage] = counts.GetValueOrDefault(stage, -1) + 1)),
            };
            Assert.ThrowsExactly<T>(() => Machine.Run(restorer, image, options, inner, steps, finishingRows: 16, cancellation));
        }
        Assert.AreEqual(before, LiveTensors, "The interrupted job left tensors alive.");
        Assert.IsTrue(
            right.Equals(Machine.Run(restorer, image, options, scope, cancellation: CancellationToken.None)["result"]),
            "The next job's numbers differ.");
    }
}
