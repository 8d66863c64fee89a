using Hypir.Testing.Terminals;

namespace Hypir.CommandLine.Tests;

/// <summary>A call of a command, and what is to be seen.</summary>
/// <param name="Path">The command.</param>
/// <param name="Arguments">Its arguments, none of which has a space in it.</param>
/// <param name="Told">What the screen shows in the end, wherever the terminal breaks it.</param>
internal sealed record TerminalCall(string Path, string Arguments, string Told)
{
    /// <summary>How it ends.</summary>
    public ExitCode Code { get; init; } = ExitCode.Success;

    /// <summary>What is typed, and what is awaited before that.</summary>
    public (string Shown, string Keys)? Keys { get; init; }

    /// <summary>Starts the program.</summary>
    public TerminalProgram Start(TerminalFolder folder, TerminalLook look)
    {
        var command = ProgramCommand.All.First(command => command.Path == Path);
        return TerminalProgram.Start(command.Program, folder.Path, look,
            [.. command.Words, .. Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
