

using Hypir.Training.Loop;
using Hypir.Training.RunFolders;

namespace Hypir.Training.Resuming;

/// <summary>The checkpoint that <c>resume_from_checkpoint</c> names.</summary>
internal static class NamedCheckpoint
{
    private const string Key = "resume_from_checkpoint";

    /// <summary>Opens it.</summary>
    /// <param name="path">What the configuration names.</param>
    /// <returns>A whole checkpoint, or one that lacks only its shuffle pool.</returns>
    /// <exception cref="TrainingException">It is missing, damaged, or no checkpoint; the message says what it is instead.</exception>
    public static TrainCheckpoint Open(string path)
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
        {
            throw Refused(path, File.Exists(folder) ? "this is a file, and a checkpoint is a folder." : "there is no such folder.",
                $"Set {Key} to the folder of a checkpoint (checkpoint-STEP), or to `latest` for the newest whole one in output_dir.");
        }
        if (PythonCheckpoint.Is(folder))
        {
            throw Refused(path, "the Python trainer wrote this checkpoint; its optimizers and random states cannot be read.",
                $"To start from its weights, set lora_init: {PythonCheckpoint.Weights(folder)} and {Key}: ~.");
        }
        if (TrainCheckpoints.Folders(folder) is { Count: > 0 } inside)
        {
            throw Refused(path, $"this is the folder of a run. Its checkpoints are {string.Join(", ", inside.Select(Path.GetFileName))}.",
                $"Set {Key} to one of them, such as {inside[0]}.");
        }
        return TrainCheckpoints.Verify(folder, out string? problem) ?? TrainCheckpoints.WithoutQueue(folder)
            ?? throw Refused(path, problem!, $"Set {Key} to another checkpoint, or to `latest` for the newest whole one in output_dir.");
    }

    private static TrainingException Refused(string path, string why, string remedy) => new($"Cannot continue from {path}: {why}", remedy);
}
