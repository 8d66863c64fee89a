using Hypir.Planning.Machine;

namespace Hypir.Engine.Tests.Serving;

/// <summary>A machine with a GPU, on which processes take memory.</summary>
/// <param name="total">Bytes that it has.</param>
/// <param name="tells">Whether its driver says what this process holds.</param>
internal sealed class FakeGpu(long total, bool tells = true) : IMachine
{
    /// <summary>What other processes hold.</summary>
    public long Others { get; set; }

    /// <summary>What this process holds.</summary>
    public long Own { get; set; }

    /// <summary>Free host memory.</summary>
    public long FreeHost { get; set; } = 64L << 30;

    public MachineFacts Look() => new()
    {
        Cores = 2,
        FreeMemory = FreeHost,
        Gpus = [new(0, "fake", total - Others - Own, new(8, 0)) { TotalMemory = total, OwnMemory = tells ? Own : null }],
    };

    public NvidiaDriver Driver() => new("1.0", Look().Gpus);
}
