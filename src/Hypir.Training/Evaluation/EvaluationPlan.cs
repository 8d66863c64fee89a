using Hypir.Restoration.Planning;

namespace Hypir.Training.Evaluation;

/// <summary>Everything that an evaluation needs to know.</summary>
internal sealed record EvaluationPlan
{
    /// <summary>What is measured; the input is measured in any case.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>What it is measured on.</summary>
    public required IReadOnlyList<EvaluationPair> Pairs { get; init; }

    /// <summary>How pictures are restored; enlargement follows from the pairs' sizes.</summary>
    public required RestoreOptions Options { get; init; }

    /// <summary>How many pairs are shown.</summary>
    public int Shown { get; init; }
}
