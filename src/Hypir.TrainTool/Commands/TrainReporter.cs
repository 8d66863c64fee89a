using System.Globalization;
using Hypir.Training.Loop;
using Hypir.Training.RunFolders;
using Spectre.Console;

namespace Hypir.TrainTool.Commands;

/// <summary>Reports a run on the error stream: a bar on a terminal, otherwise occasional lines; notes as they occur.</summary>
internal sealed class TrainReporter : ITrainReporter, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly IAnsiConsole _console = ErrorConsole.Open();
    private ProgressDisplay? _bar;
    private long _lastLine;

    /// <inheritdoc/>
    public void Started(long step, long steps)
    {
        if (ErrorConsole.IsLive(_console))
            _bar = new ProgressDisplay(_console, Place(step, steps));
    }

    /// <inheritdoc/>
    public void Stepped(TrainProgress progress)
    {
        string text = Words(progress);
        _bar?.Set((double)progress.Step / progress.Steps, Place(progress.Step, progress.Steps), text);
        if (_bar is not null || (Environment.TickCount64 - _lastLine < Pause.TotalMilliseconds && progress.Step != progress.Steps))
            return;
        _console.WriteLine($"{progress.Step} of {progress.Steps}: {text}");
        _lastLine = Environment.TickCount64;
    }

    /// <inheritdoc/>
    public void Noted(string note) => _console.WriteLine(note);

    /// <summary>Restores the terminal.</summary>
    public void Dispose() => _bar?.Dispose();

    private static string Place(long step, long steps) => string.Create(CultureInfo.InvariantCulture, $"step {step} of {steps}");

    private static string Words(TrainProgress progress)
    {
        var parts = new List<string>();
        if (progress.GeneratorLoss is { } generator)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"G {generator:G4}"));
        if (progress.DiscriminatorLoss is { } discriminator)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"D {discriminator:G4}"));
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"{progress.SamplesPerSecond:0.00} samples/s"));
        if (progress.Left is { } left)
            parts.Add(Duration(left) + " left");
        return string.Join(", ", parts);
    }

    private static string Duration(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.Seconds} s"),
    };
}

/// <summary>
/// Confirmation to continue a run although something has changed since its checkpoint: by option, or by an answer on a terminal.
/// </summary>
/// <param name="given">Whether <c>--yes</c> was given.</param>
internal sealed class ResumeConsent(bool given)
{
    /// <summary>Shows the changes and asks for confirmation on a terminal.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="changes">The changes, one line each.</param>
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
            if (Confirmation.Ask(Console.Error, "Continue with these changes?"))
                return;
        }
        throw new UsageException(asked ? "The changes were not confirmed; nothing was done." : told,
            "Add --yes to continue with these changes, restore the old values, or start a new run: another output_dir, or --restart, "
                + "which moves the old one aside.");
    }
}
