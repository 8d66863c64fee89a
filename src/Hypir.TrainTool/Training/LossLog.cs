namespace Hypir.TrainTool.Training;

/// <summary>
/// Adds up losses for the log as the reference does: each batch's divided by the accumulation, told at each discriminator step and begun anew. An epoch's end
/// forgets what was not told, and its short last accumulation counts as if it were whole: the log is the reference's, a curve of means is not.
/// </summary>
/// <param name="accumulation">Batches that make a step.</param>
public sealed class LossLog(int accumulation)
{
    private Dictionary<string, double> _sums = [];

    /// <summary>Adds a batch's losses.</summary>
    /// <param name="reports">What the batch told.</param>
    /// <returns>What the log gets, or null where no discriminator step was due.</returns>
    public IReadOnlyDictionary<string, double>? Add(IReadOnlyList<StepReport> reports)
    {
        foreach ((string name, double value) in reports.SelectMany(report => report.Losses))
            _sums[name] = _sums.GetValueOrDefault(name) + value / accumulation;
        if (!reports.Any(report => report.Side == StepSide.Discriminator && report.Synchronised))
            return null;
        Dictionary<string, double> told = _sums;
        _sums = [];
        return told;
    }

    /// <summary>Begins an epoch.</summary>
    public void BeginEpoch() => _sums.Clear();
}
