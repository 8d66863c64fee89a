using System.CommandLine;
using System.Text;
using Hypir.Models.Backends;
using Hypir.Networks;
using Hypir.Restoration.Planning;
using Hypir.TrainTool.Commands;

NativeSettings.Apply();
try
{
    if (LibTorchChoice.Run(typeof(TrainCommand).Assembly, args) is { } code)
        return code;
}
catch (HypirException failure)
{
    Failures.Write(failure);
    return (int)ExitCodes.Of(failure);
}

// Windows consoles begin in a code page of the last century; elsewhere UTF-8 is the rule.
if (OperatingSystem.IsWindows())
    Console.OutputEncoding = Encoding.UTF8;
IMachine machine = new ThisMachine();
var root = new RootCommand("Prepares training data for hypir, and trains.") { DegradeCommand.Make(), InitCommand.Make(), TrainCommand.Make(machine), EvaluateCommand.Make(machine), ExportCommand.Make(), BenchDataCommand.Make() };
// Its value is in force already.
root.Add(new Option<string?>(LibTorchChoice.Option) { HelpName = "FOLDER|own", Description = $"Compute with the libtorch in this folder (default: {LibTorchChoice.Variable}, what `hypir gpu install` brought, or the program's own).", Recursive = true });
var line = root.Parse(args);
if (line.Errors.Count > 0)
{
    Failures.Write(new UsageException(string.Join(' ', line.Errors.Select(error => error.Message)), "hypir-train COMMAND --help tells all."));
    return (int)ExitCode.Usage;
}
return line.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
