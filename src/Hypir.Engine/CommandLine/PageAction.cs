using System.CommandLine;
using System.CommandLine.Invocation;
using Hypir.Networks;

namespace Hypir.Engine.CommandLine;

/// <summary>Writes something instead of running the command that an option was given with.</summary>
/// <param name="write">What is written, for the command.</param>
internal sealed class PageAction(Action<Command> write) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        write(parseResult.CommandResult.Command);
        return (int)ExitCode.Success;
    }
}
