using System.CommandLine;
using System.Diagnostics.CodeAnalysis;

namespace Hypir.CommandLine;

/// <summary>A command with rules about values that are valid by themselves but do not fit together.</summary>
/// <param name="name">What it is called.</param>
/// <param name="description">What its help says.</param>
/// <remarks>
/// Validators of System.CommandLine run before values are converted, and reading an invalid value there throws. Rules run when all values
/// are valid.
/// </remarks>
[SuppressMessage("Design", "CA1010", Justification = "Commands can be enumerated only so that initializers can add to them.")]
public sealed class CheckedCommand(string name, string description) : Command(name, description)
{
    /// <summary>Each returns what is wrong with a command line, in sentences.</summary>
    public IList<Func<ParseResult, IEnumerable<string>>> Rules { get; } = [];

    /// <summary>Adds a rule about a single thing.</summary>
    /// <param name="isBroken">Whether a command line breaks it.</param>
    /// <param name="message">What is wrong then.</param>
    public void Refuse(Func<ParseResult, bool> isBroken, string message) => Rules.Add(line => isBroken(line) ? [message] : []);
}
