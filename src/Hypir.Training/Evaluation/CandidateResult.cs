

using Hypir.Imaging;

namespace Hypir.Training.Evaluation;

/// <summary>How one candidate did on one pair.</summary>
/// <param name="Quality">Its figures.</param>
/// <param name="Seconds">How long restoring took; 0 for the input.</param>
/// <param name="Preview">The picture, small; null where none is shown.</param>
internal sealed record CandidateResult(Quality Quality, double Seconds, Preview? Preview);
