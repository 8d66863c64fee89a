using System.CommandLine;
using System.Text;
using Hypir.Networks;
using Hypir.TrainTool.Commands;

NativeSettings.Apply();
// Windows consoles begin in a code page of the last century; elsewhere UTF-8 is the rule.
if (OperatingSystem.IsWindows())
    Console.OutputEncoding = Encoding.UTF8;
var root = new RootCommand("Prepares training data for hypir, and trains.") { DegradeCommand.Make(), InitCommand.Make(), TrainCommand.Make(), EvaluateCommand.Make(), ExportCommand.Make(), BenchDataCommand.Make() };
var line = root.Parse(args);
if (line.Errors.Count > 0)
{
    Failures.Write(new UsageException(string.Join(' ', line.Errors.Select(error => error.Message)), "hypir-train COMMAND --help tells all."));
    return (int)ExitCode.Usage;
}
return line.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
