using Hypir.Onnx.Sessions;
using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using static TorchSharp.torch;

namespace Hypir.Restoration.Graphs;

/// <summary>
/// The tiles of one job on a GPU of any vendor. If the GPU fails after its first result, the CPU computes the rest where that takes at most
/// two minutes by the plan; otherwise the job ends.
/// </summary>
/// <param name="device">The GPU.</param>
/// <param name="plan">The plan.</param>
internal sealed class GraphJob(GraphDevice device, RestorePlan plan)
{
    /// <summary>Name of a network that is computed as a whole, for observers.</summary>
    public const string Block = "graph";

    /// <summary>What the CPU may take for the rest of a job, in seconds.</summary>
    private const double MostOnCpu = 120;

    private double _done;
    private int _onCpu;
    private GraphException? _failure;

    /// <summary>What a person should know about the result.</summary>
    public IEnumerable<string> Notes => _failure is null
        ? []
        : [$"{_failure.Message} The CPU computed the remaining {_onCpu} {(_onCpu == 1 ? "tile" : "tiles")}."];

    /// <summary>Whether the CPU computed something instead.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>Computes a tile.</summary>
    /// <param name="operations">Its operations.</param>
    /// <param name="onGpu">Computes it on the GPU.</param>
    /// <param name="onCpu">Computes the same on the CPU.</param>
    /// <returns>The tile's result, in the caller's scope.</returns>
    /// <exception cref="GraphException">The GPU failed, and the CPU would take too long or nothing was computed yet.</exception>
    public Tensor Compute(double operations, Func<GraphDevice, Tensor> onGpu, Func<Tensor> onCpu)
    {
        Tensor result = _failure is null ? Try(onGpu) ?? OnCpu(onCpu) : OnCpu(onCpu);
        _done += operations;
        return result;
    }

    private Tensor OnCpu(Func<Tensor> compute)
    {
        _onCpu++;
        return compute();
    }

    private Tensor? Try(Func<GraphDevice, Tensor> compute)
    {
        try
        {
            using var scope = NewDisposeScope();
            Tensor result = compute(device);
            if (!FiniteCheck.AllFinite(result))
                throw new GraphException("The GPU's result has numbers that are not finite.", GraphException.Otherwise);
            return result.MoveToOuterDisposeScope();
        }
        // A GPU that fails before its first result cannot be used here, which a person who chose it should know.
        catch (GraphException failure) when (_done > 0)
        {
            double seconds = plan.SecondsOnCpu * (plan.TileOperations - _done) / plan.TileOperations;
            if (seconds > MostOnCpu)
            {
                throw new GraphException(
                    $"{failure.Message} The CPU would take {PlanFigures.Duration(seconds)} for the rest.", failure.Remedy, failure);
            }

            // What it holds may be lost or wrong.
            device.Clear();
            _failure = failure;
            return null;
        }
    }
}
