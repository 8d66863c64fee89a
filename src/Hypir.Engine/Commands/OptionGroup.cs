using System.CommandLine;

namespace Hypir.Engine.Commands;

/// <summary>Options that the help shows together.</summary>
/// <param name="Title">What they are about.</param>
/// <param name="Options">The options, in order.</param>
internal sealed record OptionGroup(string Title, IReadOnlyList<Option> Options);
