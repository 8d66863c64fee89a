using TorchSharp;

namespace Hypir.Networks.Fast;

/// <summary>Divides loops over memory among as many threads as the tensor library uses.</summary>
public static class ParallelLoop
{
    /// <summary>More pieces than threads: a thread that another program holds up does not hold up all.</summary>
    private const int PiecesPerThread = 4;

    /// <summary>Runs a loop.</summary>
    /// <param name="count">Steps of the loop.</param>
    /// <param name="range">Does the steps from its first argument to before its second.</param>
    public static void Run(int count, Action<int, int> range)
    {
        int threads = torch.get_num_threads();
        int pieces = Math.Min(count, threads * PiecesPerThread);
        if (threads == 1 || pieces <= 1)
        {
            range(0, count);
            return;
        }

        Parallel.For(0, pieces, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
            range((int)((long)count * i / pieces), (int)((long)count * (i + 1) / pieces)));
    }
}
