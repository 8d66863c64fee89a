namespace Hypir.Restoration.Planning;

/// <summary>An option is out of its range, or does not fit the picture, the model or the machine.</summary>
/// <param name="option">The option's name on the command line, without dashes ("tile"), or null where no single one is at fault.</param>
/// <param name="message">What is wrong.</param>
/// <param name="remedy">What to do next.</param>
public sealed class PlanException(string? option, string message, string? remedy = null) : HypirException(message, remedy)
{
    /// <summary>The option's name on the command line, without dashes, or null.</summary>
    public string? Option { get; } = option;
}
