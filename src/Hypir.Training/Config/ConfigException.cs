namespace Hypir.Training.Config;

/// <summary>A configuration file does not say what it must: every problem found in it, each with its line, its key and what is allowed.</summary>
/// <param name="path">The file.</param>
/// <param name="problems">What is wrong, in the file's order; at least one.</param>
public sealed class ConfigException(string path, IReadOnlyList<ConfigProblem> problems)
    : HypirException(string.Join(Environment.NewLine, problems.Select(problem => $"{path}, {problem}")),
        "Correct the configuration; hypir-train degrade --print-config writes one that is right, with every key explained.")
{
    /// <summary>What is wrong.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; } = problems;
}
