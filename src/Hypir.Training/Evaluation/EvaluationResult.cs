namespace Hypir.Training.Evaluation;

/// <summary>How all candidates did on all pairs.</summary>
/// <param name="Candidates">The candidates; the first is the input.</param>
/// <param name="Pairs">The pairs.</param>
/// <param name="Results">By candidate, then by pair.</param>
internal sealed record EvaluationResult(
    IReadOnlyList<Candidate> Candidates, IReadOnlyList<EvaluationPair> Pairs, IReadOnlyList<IReadOnlyList<CandidateResult>> Results)
{
    /// <summary>A candidate's mean over all pairs.</summary>
    public Quality Mean(int candidate) => Quality.Mean([.. Results[candidate].Select(result => result.Quality)]);
}
