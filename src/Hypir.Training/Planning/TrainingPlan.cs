namespace Hypir.Training.Planning;

/// <summary>What a training step will cost, counted from configurations before anything is loaded.</summary>
/// <param name="Resident">Bytes that are there all the time, by part.</param>
/// <param name="Phases">Bytes at the height of each phase of a step, above what is resident.</param>
/// <param name="GeneratorOperations">Floating-point operations of a generator step, by part.</param>
/// <param name="DiscriminatorOperations">Floating-point operations of a discriminator step, by part.</param>
public sealed record TrainingPlan(
    IReadOnlyList<PlanPart> Resident, IReadOnlyList<PlanPart> Phases, IReadOnlyList<PlanPart> GeneratorOperations, IReadOnlyList<PlanPart> DiscriminatorOperations)
{
    /// <summary>The largest number of bytes at once: what is resident, and the largest phase.</summary>
    public long PeakBytes => (long)(Resident.Sum(part => part.Amount) + Phases.Max(part => part.Amount));

    /// <summary>
    /// Resident memory of a process on the CPU that keeps freed blocks for speed (<see cref="Hypir.Networks.Libraries.NativeSettings"/>): holes between blocks make it 1.25 to
    /// 1.35 times what is alive, measured with glibc 2.36.
    /// </summary>
    public long PeakWithKeptBlocks => (long)(1.3 * PeakBytes);

    /// <summary>Counts a step.</summary>
    public static TrainingPlan Of(TrainingShape shape) => new PlanBuilder(shape).Build();

    /// <summary>The plan in lines for people: memory by part and phase, operations by part.</summary>
    public IEnumerable<string> Lines()
    {
        IEnumerable<string> Table(string title, IEnumerable<PlanPart> parts, Func<double, string> text) =>
            parts.Where(part => part.Amount > 0).Select(part => $"  {part.Name,-44}{text(part.Amount),12}").Prepend(title);
        static string Bytes(double bytes) => PlanFigures.Memory((long)bytes);
        static string Operations(double operations) => FormattableString.Invariant($"{operations / 1e9:n1} GFLOP");
        return Table("Memory all the time", Resident, Bytes)
            .Concat(Table("Memory at the height of each phase", Phases, Bytes))
            .Append($"  {"peak",-44}{Bytes(PeakBytes),12}")
            .Concat(Table("A generator step", GeneratorOperations.Append(new("sum", GeneratorOperations.Sum(p => p.Amount))), Operations))
            .Concat(DiscriminatorOperations.Count == 0 ? [] : Table("A discriminator step", DiscriminatorOperations.Append(new("sum", DiscriminatorOperations.Sum(p => p.Amount))), Operations));
    }
}
