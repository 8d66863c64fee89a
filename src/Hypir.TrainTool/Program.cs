using System.Text;
using Hypir.Models.Backends;
using Hypir.Networks.Libraries;
using Hypir.TrainTool.Commands;

NativeSettings.Apply();
// Windows consoles default to a legacy code page; other systems use UTF-8.
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
