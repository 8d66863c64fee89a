using System.Text;
using Hypir.Models.Backends;
using Hypir.Networks.Libraries;
using Hypir.TrainTool.Commands;

NativeSettings.Apply();
// Windows consoles begin in a code page of the last century; elsewhere UTF-8 is the rule.
if (OperatingSystem.IsWindows())
    Console.OutputEncoding = Encoding.UTF8;
StandardStreams.Guard();
try
{
    return LibTorchChoice.Run(typeof(TrainCommand).Assembly, args) ?? TrainProgram.Run(args);
}
catch (Exception failure)
{
    ErrorReport.Write(failure);
    return (int)ExitCodes.Of(failure);
}
