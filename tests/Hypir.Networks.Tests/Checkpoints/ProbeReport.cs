namespace Hypir.Networks.Tests.Checkpoints;

/// <summary>What came of opening one file and reading all its tensors.</summary>
internal sealed record ProbeReport
{
    public required string File { get; init; }

    /// <summary>"ok", a category of error, or "unexpected" for an exception of another type.</summary>
    public required string Answer { get; init; }

    public string? Message { get; init; }

    public double Seconds { get; init; }

    /// <summary>Time of the processor, which other programs on a busy machine do not lengthen.</summary>
    public double ProcessorSeconds { get; init; }

    /// <summary>Largest memory above the idle process.</summary>
    public long PeakBytes { get; init; }

    public Dictionary<string, ProbeTensor>? Tensors { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
