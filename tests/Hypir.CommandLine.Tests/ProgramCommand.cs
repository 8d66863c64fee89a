using System.CommandLine;
using Hypir.Engine.Commands;
using Hypir.Planning.Machine;
using Hypir.Testing;
using Hypir.TrainTool.Commands;

namespace Hypir.CommandLine.Tests;

/// <summary>A command of one of the programs.</summary>
/// <param name="Program">The program.</param>
/// <param name="Path">The words that call it, such as <c>hypir models list</c>.</param>
/// <param name="Command">What it is made of.</param>
internal sealed record ProgramCommand(BuiltProgram Program, string Path, Command Command)
{
    /// <summary>Every command of both programs, from their own trees.</summary>
    public static IReadOnlyList<ProgramCommand> All { get; } =
        [.. Below(new(BuiltProgram.Engine, "hypir", HypirCommand.Tree(new ThisMachine()))),
            .. Below(new(BuiltProgram.Trainer, "hypir-train", TrainProgram.Tree(new ThisMachine())))];

    /// <summary>The words after the program's name.</summary>
    public string[] Words => Path.Split(' ')[1..];

    /// <summary>Whether it does something by itself, instead of holding other commands.</summary>
    public bool Acts => Command.Subcommands.Count == 0;

    /// <inheritdoc/>
    public override string ToString() => Path;

    private static IEnumerable<ProgramCommand> Below(ProgramCommand command) =>
        command.Command.Subcommands.SelectMany(sub => Below(new(command.Program, $"{command.Path} {sub.Name}", sub))).Prepend(command);
}
