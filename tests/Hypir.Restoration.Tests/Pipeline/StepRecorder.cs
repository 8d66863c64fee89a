using Hypir.Planning;
using Hypir.Restoration.Pipeline;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.Pipeline;

/// <summary>Keeps every step's rows and the result, and the names of the blocks that ran.</summary>
/// <param name="owner">The scope that disposes what is kept.</param>
internal sealed class StepRecorder(DisposeScope owner) : IRestoreObserver, IRowSink
{
    private readonly Dictionary<string, List<(int Start, Tensor Rows)>> _steps = [];

    /// <summary>Names of the steps in the order in which they began.</summary>
    public List<string> Order { get; } = [];

    /// <summary>Stage and block of each call, in order.</summary>
    public List<(RestoreStage Stage, string Name)> Blocks { get; } = [];

    /// <summary>A step's rows, put together; fails where they do not follow each other.</summary>
    public Tensor this[string step]
    {
        get
        {
            int next = 0;
            foreach ((int start, Tensor rows) in _steps[step])
            {
                Assert.AreEqual(next, start, $"The rows of {step} do not follow each other.");
                next += (int)rows.shape[2];
            }
            return cat([.. _steps[step].Select(band => band.Rows)], 2);
        }
    }

    /// <summary>Called at each block, for tests that interfere there.</summary>
    public Action<RestoreStage, string>? OnBlock { get; init; }

    public void Block(RestoreStage stage, string name)
    {
        Blocks.Add((stage, name));
        OnBlock?.Invoke(stage, name);
    }

    public void Rows(string step, int start, Tensor rows)
    {
        if (!_steps.TryGetValue(step, out var bands))
        {
            _steps[step] = bands = [];
            Order.Add(step);
        }
        bands.Add((start, rows.clone().MoveToOtherDisposeScope(owner)));
    }

    public void Write(int start, Tensor rows) => Rows("result", start, rows);
}
