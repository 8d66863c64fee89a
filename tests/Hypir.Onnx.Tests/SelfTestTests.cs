using Hypir.Onnx.Graphs;
using Hypir.Onnx.Networks;
using Hypir.Onnx.SelfTests;
using Hypir.Onnx.Sessions;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Planning.Outlines;
using Hypir.Testing;

namespace Hypir.Onnx.Tests;

/// <summary>The self-test before a GPU's first use. ONNX Runtime's CPU stands for the GPU, whose results are spoiled on the way.</summary>
[TestClass]
public sealed class SelfTestTests : IDisposable
{
    private const string Device = "webgpu:0";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Those of single-pass networks: <see cref="SinglePassGraphTests"/>.</summary>
    [TestMethod]
    public void It_has_every_operation_of_diffusion_models()
    {
        RestorePlan plan = Machine.OnCpu(Machine.Nano, new(), 64, 64);
        var size = new MapSize(64, 64);
        IEnumerable<OnnxGraph> graphs =
        [
            PlanGraphs.Of(plan, RestoreStage.Encoding, size), PlanGraphs.Of(plan, RestoreStage.Decoding, size),
            PlanGraphs.Of(plan, RestoreStage.Restoring, size),
        ];
        RequireOperations(graphs.SelectMany(graph => graph.Nodes));
    }

    /// <summary>Fails unless the self-test has all operations.</summary>
    internal static void RequireOperations(IEnumerable<GraphNode> nodes) => Assert.IsEmpty(
        nodes.Select(node => node.Operator).Distinct().Except(SelfTestGraph.Make().Nodes.Select(node => node.Operator)));

    [TestMethod]
    public void A_correct_GPU_passes_and_is_not_tested_again()
    {
        int tests = 0;
        SelfTestGate.Require(Place("first"), Device, Counted, default);
        SelfTestGate.Require(Place("first"), Device, Counted, default);
        Assert.AreEqual(1, tests);
        SelfTestGate.Require(Place("first, newer driver"), Device, Counted, default);
        Assert.AreEqual(2, tests, "A new driver may compute other numbers.");
        SelfTestGate.Require(Place("first"), "directml:0", Counted, default);
        Assert.AreEqual(3, tests, "Another provider too.");
        SelfTestGate.Require(Place(""), Device, Counted, default);
        SelfTestGate.Require(Place(""), Device, Counted, default);
        Assert.AreEqual(5, tests, "Without a name, another GPU could not be told from this one.");
        Assert.IsEmpty(new GpuTestBook(Place("first").Tests).Read().Where(test => test.Library != OnnxLibrary.Version));

        IGraphHost Counted(GraphProvider provider)
        {
            tests += provider.Name is null ? 0 : 1;
            return new LocalGraphs(GraphProvider.Cpu);
        }
    }

    /// <summary>A number that is slightly wrong, a black image, one that is not finite.</summary>
    [TestMethod]
    [DataRow("gelu", 1.01f, "gelu by 1%")]
    [DataRow("convolution", 0f, "convolution by 100%")]
    [DataRow("attention", float.NaN, "attention is not finite")]
    public void Wrong_numbers_reject_the_GPU(string layer, float factor, string expected)
    {
        GraphPlace place = Place("Some GPU, driver 1.2");
        GraphException failure = Assert.ThrowsExactly<GraphException>(() => SelfTestGate.Require(place, Device, Spoiled, default));
        Assert.AreEqual($"webgpu:0 (Some GPU, driver 1.2) computes wrong numbers: {expected}.", failure.Message);
        StringAssert.Contains(failure.Remedy, "--device cpu");
        // Without any further test.
        Assert.ThrowsExactly<GraphException>(
            () => SelfTestGate.Require(place, Device, _ => throw new InvalidOperationException("It was tested again."), default));

        IGraphHost Spoiled(GraphProvider provider) => provider.Name is null
            ? new LocalGraphs(GraphProvider.Cpu)
            : new SpoiledGraphs(new LocalGraphs(GraphProvider.Cpu), layer, factor);
    }

    /// <summary>The gate stands before every use: a restoration on a GPU that is known to be wrong does not begin.</summary>
    [TestMethod]
    public void A_rejected_GPU_restores_nothing()
    {
        GraphPlace place = Machine.Workers() with { Tests = _folder.File("tests.json"), Adapter = "Some GPU" };
        new GpuTestBook(place.Tests).Remember(new(Device, "Some GPU", OnnxLibrary.Version, "computes wrong numbers: gelu by 1%"));
        RestorePlan plan = Machine.OnCpu(Machine.Nano, new() { Tile = 64 }, 64, 64).On(place, Device);
        GraphException failure = Assert.ThrowsExactly<GraphException>(
            () => Machine.Restore(Machine.Nano, plan, Machine.Image(64, 64)));
        StringAssert.Contains(failure.Message, "wrong numbers: gelu");
    }

    [TestMethod]
    [TestCategory("AnyGpu")]
    public void The_real_GPU_passes()
    {
        AnyGpu.Require();
        GraphPlace place = Machine.Workers() with { Tests = _folder.File("tests.json"), Adapter = "any" };
        SelfTestGate.Require(place, Device, null, default);
        Assert.IsNull(new GpuTestBook(place.Tests).Read().Single().Problem);
    }

    private GraphPlace Place(string adapter) => Machine.Place() with { Tests = _folder.File("tests.json"), Adapter = adapter };

    /// <summary>Multiplies one result.</summary>
    private sealed class SpoiledGraphs(IGraphHost graphs, string layer, float factor) : IGraphHost
    {
        public int MostSessions => graphs.MostSessions;

        public IGraphSession Open(OnnxGraph graph, IReadOnlyDictionary<string, GraphMemory> weights, CancellationToken cancellation) =>
            new Session(
                graphs.Open(graph, weights, cancellation), graph.Outputs.Select(output => output.Name).ToList().IndexOf(layer), factor);

        public void Dispose() => graphs.Dispose();

        private sealed class Session(IGraphSession session, int index, float factor) : IGraphSession
        {
            public unsafe void Run(
                IReadOnlyList<GraphMemory> inputs, IReadOnlyList<GraphMemory> results, CancellationToken cancellation = default)
            {
                session.Run(inputs, results, cancellation);
                foreach (ref float number in new Span<float>((void*)results[index].Address, (int)(results[index].Length / sizeof(float))))
                    number *= factor;
            }

            public void Dispose() => session.Dispose();
        }
    }
}
