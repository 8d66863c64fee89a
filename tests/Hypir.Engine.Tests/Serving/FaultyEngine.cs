using System.Globalization;
using System.Runtime.InteropServices;
using Hypir.Engine.Commands;
using Hypir.Networks.Libraries;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Restoration.Pipeline;
using TorchSharp;

namespace Hypir.Engine.Tests.Serving;

/// <summary>
/// The program that tests start as an engine in which memory runs out, as libtorch reports it, or a block hangs, within a chosen stage.
/// </summary>
internal static class FaultyEngine
{
    /// <summary>
    /// Arguments: STAGE TIMES (cpu|gpu|gate|driver) HOME serve --pipe NAME. "gpu" behaves as a GPU does: its memory does not come back
    /// within the process; with "gate" memory suffices, and a block of the stage stops in a <see cref="Gate"/>; with "driver" nothing can
    /// be learned about the machine.
    /// </summary>
    public static int Run(string[] arguments)
    {
        if (arguments is not [var stage, var times, var kind, var home, "serve", "--pipe", var pipe])
            return 2;
        NativeSettings.Apply();
        RestoreStage where = Enum.Parse<RestoreStage>(stage);
        return (int)
            ServeCommand
                .RunAsync(
                    new()
                    {
                        Pipe = pipe,
                        Home = home,
                        Speeds = new(Path.Combine(home, "speeds.json")),
                        Machine = kind == "driver" ? new LostMachine() : new ThisMachine(),
                        Observer = kind switch
                        {
                            "driver" => null,
                            "gate" => new Gate(where, home, pipe),
                            _ => new Exhaustion(
                                where, times == "always" ? null : home,
                                int.TryParse(times, CultureInfo.InvariantCulture, out int count) ? count : 0),
                        },
                        GivesMemoryBack = _ => kind != "gpu",
                    }
                )
                .GetAwaiter()
                .GetResult();
    }

    /// <summary>A machine whose driver fails in a way that nobody has foreseen.</summary>
    private sealed class LostMachine : IMachine
    {
        public MachineFacts Look() => throw new InvalidOperationException("The driver has lost the machine.");

        public NvidiaDriver Driver() => throw new InvalidOperationException("The driver has lost the GPU.");
    }

    /// <summary>
    /// Lets memory run out at the second block of a stage, when some of a tile's tensors are made; so often, over all processes with one
    /// home.
    /// </summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2201", Justification = "libtorch's own exception is played.")]
    private sealed class Exhaustion(RestoreStage stage, string? counterFolder, int times) : IRestoreObserver
    {
        private const int AtBlock = 2;
        private int _block;

        public void Block(RestoreStage current, string name)
        {
            if (current != stage)
            {
                _block = 0;
                return;
            }
            // The finishing stage has bands and no blocks: there its first.
            if (++_block != (stage == RestoreStage.Finishing ? 1 : AtBlock) || Spent())
                return;
            throw new ExternalException("CUDA out of memory. Tried to allocate 2.00 GiB");
        }

        public void Rows(string step, int start, torch.Tensor rows)
        {
        }

        private bool Spent()
        {
            if (counterFolder is null)
                return false;
            string path = Path.Combine(counterFolder, "faults");
            int spent = File.Exists(path) ? int.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture) : 0;
            File.WriteAllText(path, (spent + 1).ToString(CultureInfo.InvariantCulture));
            return spent >= times;
        }
    }
}
