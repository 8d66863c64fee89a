using System.Globalization;
using Hypir.Training.Loop;
using Spectre.Console;

namespace Hypir.TrainTool.Commands;

/// <summary>A run on the error stream: a bar at a terminal, else a line every so often; notes as they come.</summary>
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

    /// <summary>Puts the terminal in order.</summary>
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
