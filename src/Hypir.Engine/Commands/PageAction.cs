using System.CommandLine;
using System.CommandLine.Invocation;

namespace Hypir.Engine.Commands;

/// <summary>Writes something instead of running the command that an option was given with.</summary>
/// <param name="write">Writes it for the command, and gives the exit code.</param>
internal sealed class PageAction(Func<Command, ExitCode> write) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult) => (int)write(parseResult.CommandResult.Command);
}
