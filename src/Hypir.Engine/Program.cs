using System.Text;
using Hypir.Engine;
using Hypir.Engine.Commands;
using Hypir.Engine.Reporting;
using Hypir.Models.Backends;
using Hypir.Models.Store;
using Hypir.Networks.Libraries;
using Hypir.Onnx.Adapters;
using Hypir.Onnx.Workers;
using Hypir.Planning.Machine;
using Hypir.Server.Gpu;

if (args is [GraphWorkerProgram.Command])
    return GraphWorkerProgram.Run();
if (args is [AdapterProgram.Command])
    return AdapterProgram.Run();
NativeSettings.Apply();
// Windows consoles default to a legacy code page; other systems use UTF-8.
if (OperatingSystem.IsWindows())
    Console.OutputEncoding = Encoding.UTF8;
StandardStreams.Guard();
try
{
    return LibTorchChoice.Run(typeof(HypirCommand).Assembly, args)
        ?? HypirCommand.Run(args, new ThisMachine { Graphs = () => AnyGpuLibrary.Find(ModelHome.Default) });
}
catch (Exception fault)
{
    ErrorText.Write(fault, verbose: fault is not HypirException);
    return (int)ExitCodes.Of(fault);
}
