

using Hypir.Training.RunFolders;

namespace Hypir.TrainTool.Commands;

/// <summary>
/// Whether a run may continue although something has changed since its checkpoint: by option, or by an answer at a terminal.
/// </summary>
/// <param name="given">Whether <c>--yes</c> was given.</param>
internal sealed class ResumeConsent(bool given)
{
    /// <summary>Shows the changes, and asks where a person can answer.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="changes">What has changed, a line each.</param>
    /// <exception cref="UsageException">The changes are not confirmed.</exception>
    public void Require(TrainCheckpoint checkpoint, IReadOnlyList<string> changes)
    {
        string told = $"Changed since {checkpoint.Folder}:{string.Concat(changes.Select(change => $"{Environment.NewLine}  {change}"))}";
        if (given)
        {
            Console.Error.WriteLine(told);
            return;
        }
        bool asked = !Console.IsInputRedirected && !Console.IsErrorRedirected;
        if (asked)
        {
            Console.Error.WriteLine(told);
            Console.Error.Write("Continue with these changes? (yes/no) ");
            if (Console.ReadLine()?.Trim().ToUpperInvariant() is "YES" or "Y")
                return;
        }
        throw new UsageException(asked ? "The changes were not confirmed; nothing was done." : told,
            "Add --yes to continue with these changes, set the old values back, or begin a new run: another output_dir, or --restart, "
                + "which moves the old one aside.");
    }
}
