using System.Runtime.InteropServices;
using Hypir.Networks.Libraries;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Libraries;

/// <summary>
/// A process that starts as the programs do and computes convolutions of the kinds that NNPACK may serve: the standard error is a process's
/// own, and what libraries write to it passes .NET by.
/// </summary>
internal static unsafe class NnpackProbe
{
    /// <summary>The first argument of a test assembly that is started for this.</summary>
    public const string Verb = "convolutions";

    /// <summary>The last line of the output where all convolutions were computed.</summary>
    public const string Done = "done";

    private static readonly (long Batch, long Channels, long Side, long Kernel)[] Kinds =
        [(1, 3, 16, 3), (1, 8, 9, 1), (16, 4, 12, 3), (17, 8, 20, 3), (1, 16, 40, 3)];

    /// <summary>Computes, and writes whether libtorch may use NNPACK: "0", "1", or "absent" where it has no such switch.</summary>
    public static int Run()
    {
        NativeSettings.Apply();
        TorchProbe.Require();
        foreach (int threads in new[] { 1, 2 })
        {
            set_num_threads(threads);
            foreach ((long batch, long channels, long side, long kernel) in Kinds)
            {
                using Tensor x = ones(batch, channels, side, side), weight = ones(2, channels, kernel, kernel);
                using Tensor y = nn.functional.conv2d(x, weight), middle = y[0, 0, 0, 0];
                if (middle.item<float>() != channels * kernel * kernel)
                    throw new InvalidOperationException($"{middle.item<float>()} is not the sum of {channels * kernel * kernel} ones.");
            }
        }

        Console.WriteLine(Switch());
        Console.WriteLine(Done);
        return 0;
    }

    private static string Switch()
    {
        nint library = NativeLibrary.Load("torch_cpu", typeof(torch).Assembly, null);
        if (!NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out nint globalContext)
            || !NativeLibrary.TryGetExport(library, "_ZNK2at7Context17userEnabledNNPACKEv", out nint userEnabled))
            return "absent";
        // at::globalContext().userEnabledNNPACK()
        nint context = ((delegate* unmanaged<nint>)globalContext)();
        return $"{((delegate* unmanaged<nint, byte>)userEnabled)(context)}";
    }
}
