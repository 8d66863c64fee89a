namespace Hypir.Training.RunFolders;

/// <summary>A checkpoint that is whole.</summary>
/// <param name="Step">Its step.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Score">What it was measured at, higher is better; null where nothing was measured.</param>
internal sealed record TrainCheckpoint(long Step, string Folder, double? Score)
{
    /// <summary>Whether its shuffle pool is damaged or missing, and all the rest is whole.</summary>
    public bool QueueLost { get; init; }

    /// <summary>A file in it.</summary>
    public string In(string name) => Path.Combine(Folder, name);
}
