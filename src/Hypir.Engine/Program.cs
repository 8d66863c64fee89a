using System.Text;
using Hypir.Engine;
using Hypir.Engine.CommandLine;
using Hypir.Engine.Reporting;
using Hypir.Networks;

NativeHeap.KeepFreedBlocks();
// Windows consoles begin in a code page of the last century; elsewhere UTF-8 is the rule.
if (OperatingSystem.IsWindows())
    Console.OutputEncoding = Encoding.UTF8;
try
{
    return HypirCommand.Run(args);
}
catch (Exception fault)
{
    ErrorText.Write(fault, verbose: true);
    return (int)ExitCodes.Of(fault);
}
