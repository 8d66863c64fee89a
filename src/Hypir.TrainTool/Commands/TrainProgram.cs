using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using Hypir.Models.Backends;
using Hypir.Planning.Machine;

namespace Hypir.TrainTool.Commands;

/// <summary>The complete command line of <c>hypir-train</c>.</summary>
internal static class TrainProgram
{
    /// <summary>Parses and runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments) =>
        CommandReader.Require(Tree(new ThisMachine()), arguments)
            .Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });

    /// <summary>All commands with their options.</summary>
    /// <param name="machine">Describes this machine.</param>
    public static RootCommand Tree(IMachine machine)
    {
        var root = new RootCommand("Prepares training data for hypir, and trains.")
        {
            DegradeCommand.Make(), InitCommand.Make(), TrainCommand.Make(machine), EvaluateCommand.Make(machine), ExportCommand.Make(),
            BenchDataCommand.Make(),
        };
        // The value has already been applied by LibTorchChoice.
        var libTorch = Options.Text(
            LibTorchChoice.Option,
            "FOLDER|own",
            $"Use the libtorch in this folder (default: {LibTorchChoice.Variable}, the one from `hypir gpu install`, or the program's own)."
        );
        libTorch.Recursive = true;
        root.Add(libTorch);
        // A command that only groups others lists them.
        foreach (var command in root.Subcommands.Append(root).Where(command => command.Subcommands.Count > 0))
            command.SetAction(line => new HelpAction().Invoke(line));
        return root;
    }
}

/// <summary>Turns Ctrl+C and termination signals into cancellation; a second one ends the process immediately.</summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Starts listening.</summary>
    public Signals() => _registrations = [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        .Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
        {
            ErrorConsole.ShowCursor();
            return;
        }
        context.Cancel = true;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work has just ended: there is nothing left to cancel.
        }
    }
}
