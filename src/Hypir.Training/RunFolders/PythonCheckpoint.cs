namespace Hypir.Training.RunFolders;

/// <summary>
/// Checkpoints of the reference's trainer, which is written in Python: their weights can be used, but only Python can continue from them.
/// </summary>
internal static class PythonCheckpoint
{
    // Its own names and those of accelerate. Our checkpoints share the first two, but have others beside them.
    private static readonly string[] Weight = ["ema_state_dict.pth", "state_dict.pth"];

    private static readonly string[] Names = [.. Weight, "optimizer.bin", "scheduler.bin", "random_states_0.pkl"];
    private static readonly string[] Ours = ["checkpoint.json", "trainer.safetensors", "queue.safetensors", "state_dict.safetensors"];

    /// <summary>Whether a folder is such a checkpoint.</summary>
    public static bool Is(string folder) => Names.Any(name => Has(folder, name)) && !Ours.Any(name => Has(folder, name));

    /// <summary>The weights to start from: the averaged ones where there are some.</summary>
    public static string Weights(string folder) => Path.Combine(folder, Weight.FirstOrDefault(name => Has(folder, name)) ?? Weight[^1]);

    private static bool Has(string folder, string name) => File.Exists(Path.Combine(folder, name));
}
