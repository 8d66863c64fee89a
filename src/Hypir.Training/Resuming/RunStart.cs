using Hypir.Training.Config;
using Hypir.Training.Loop;
using Hypir.Training.RunFolders;

namespace Hypir.Training.Resuming;

/// <summary>The starting point of a run, determined before anything is loaded: the beginning, or a checkpoint that fits its
/// settings.</summary>
/// <param name="Checkpoint">The checkpoint; null for a new run.</param>
/// <param name="Identity">The identity of what the run trains with.</param>
internal sealed record RunStart(TrainCheckpoint? Checkpoint, RunIdentity Identity)
{
    /// <summary>Determines the starting point.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="identify">Computes what the run trains with, which takes a while.</param>
    /// <param name="restart">Whether to move an earlier run in the folder aside and start a new one.</param>
    /// <param name="note">Receives notes for the user.</param>
    /// <param name="confirm">Asks to confirm changes since the checkpoint, and throws if they are not confirmed.</param>
    /// <exception cref="HypirException">
    /// The checkpoint is missing, damaged or of another training; or the folder holds a run that cannot be continued.
    /// </exception>
    public static RunStart Of(TrainSettings settings, RunFolder folder, Func<RunIdentity> identify, bool restart, Action<string> note,
        Action<TrainCheckpoint, IReadOnlyList<string>> confirm)
    {
        var traces = new RunTraces(folder, settings);
        string? named = settings.ResumeFromCheckpoint is { } path && path != "latest" ? path : null;
        if (restart && named is not null)
        {
            throw new UsageException($"--restart begins a new run, but resume_from_checkpoint names {named}.",
                "Leave out --restart, or set resume_from_checkpoint: ~.");
        }
        if (restart && traces.MoveAside() is { } earlier)
            note($"The earlier run is now in {earlier}.");
        var checkpoint = named is null ? Own(folder, note) : NamedCheckpoint.Open(named);
        if (checkpoint is null || Path.GetDirectoryName(checkpoint.Folder) != folder.Path)
            RequireRoom(folder, traces, checkpoint, note);
        var identity = identify();
        if (checkpoint is not null)
            Check(settings, checkpoint, identity, note, confirm);
        return new(checkpoint, identity);
    }

    /// <summary>The newest complete checkpoint in the run's own folder; if none is complete, one that lacks only its shuffle
    /// pool.</summary>
    private static TrainCheckpoint? Own(RunFolder folder, Action<string> note)
    {
        var checkpoints = new TrainCheckpoints(folder.Path);
        return checkpoints.Newest(note) ?? checkpoints.NewestWithoutQueue();
    }

    /// <summary>A new run must not overwrite another one in its folder.</summary>
    private static void RequireRoom(RunFolder folder, RunTraces traces, TrainCheckpoint? from, Action<string> note)
    {
        if (traces.Describe() is { Count: > 0 } found)
        {
            string remedy = "Choose another output_dir, or add --restart: it moves these into a folder earlier-run-N and begins anew.";
            if (from is not null)
                remedy += " To continue the run in this folder, set resume_from_checkpoint: latest.";
            if (TrainCheckpoints.Folders(folder.Path).FirstOrDefault(PythonCheckpoint.Is) is { } theirs)
                remedy += $" lora_init: {PythonCheckpoint.Weights(theirs)} starts from its weights.";
            string whole = from is null ? " without a whole checkpoint" : "";
            string what = string.Join(", ", found);
            throw new TrainingException($"{folder.Path} holds an earlier run{whole}: {what}. Nothing was changed.", remedy);
        }
        if (traces.HasLog)
        {
            note($"The earlier run ended before its first checkpoint, so training begins anew; "
                + $"what it logged is now in {traces.MoveAside()}.");
        }
    }

    private static void Check(TrainSettings settings, TrainCheckpoint checkpoint, RunIdentity identity, Action<string> note,
        Action<TrainCheckpoint, IReadOnlyList<string>> confirm)
    {
        var changes = new List<string>();
        if (RunIdentity.Read(checkpoint.Folder) is { } before)
        {
            var found = identity.Since(before);
            if (found.Where(change => change.Rule == ResumeRule.Never).ToArray() is { Length: > 0 } never)
            {
                string refused = string.Join("; ", never.Select(change => change.ToString()));
                throw new TrainingException($"{checkpoint.Folder} is of another training: {refused}.",
                    "Set these back to continue, or begin a new run: another output_dir, or --restart, which moves the old one aside.");
            }
            changes.AddRange(found.Select(change => change.ToString()));
            if (settings.LearningRateSchedule == LearningRateSchedule.Cosine
                && before.Values.TryGetValue("max_train_steps", out string? steps) && steps != identity.Values["max_train_steps"])
            {
                note($"max_train_steps was {steps} and is {settings.MaxTrainSteps}: the learning rates follow the new end from now on.");
            }
        }
        else
        {
            note($"{checkpoint.Folder} was saved by an earlier version, which did not record settings: "
                + "whether model, images or settings have changed since cannot be checked.");
        }
        if (checkpoint.QueueLost)
            changes.Add($"{CheckpointFiles.Queue}: damaged or missing → the shuffle pool starts empty");
        if (changes.Count > 0)
            confirm(checkpoint, changes);
    }
}
