namespace Hypir.Training.Loop;

/// <summary>A file that pauses a run while it exists, so that something else can have the machine.</summary>
/// <param name="path">The file; null for none.</param>
internal sealed class PauseFile(string? path)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Waits until the file is gone.</summary>
    /// <param name="note">Receives notes for the user.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Wait(Action<string> note, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!File.Exists(path))
            return;
        note($"Paused while {path} exists.");
        while (File.Exists(path))
        {
            cancellation.WaitHandle.WaitOne(Look);
            cancellation.ThrowIfCancellationRequested();
        }
        note("The run continues.");
    }
}
