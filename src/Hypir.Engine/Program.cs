using System.Text;
using Hypir.Engine;
using Hypir.Engine.Commands;
using Hypir.Engine.Reporting;
using Hypir.Models.Backends;
using Hypir.Networks.Libraries;
using Hypir.Planning.Machine;

NativeSettings.Apply();
// Windows consoles default to a legacy code page; other systems use UTF-8.
if (OperatingSystem.IsWindows())
    Console.OutputEncoding = Encoding.UTF8;
StandardStreams.Guard();
try
{
    return LibTorchChoice.Run(typeof(HypirCommand).Assembly, args) ?? HypirCommand.Run(args, new ThisMachine());
}
catch (Exception fault)
{
    ErrorText.Write(fault, verbose: fault is not HypirException);
    return (int)ExitCodes.Of(fault);
}
