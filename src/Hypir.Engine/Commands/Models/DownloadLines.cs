using System.Diagnostics;
using System.Globalization;
using Hypir.Models.Download;
using Spectre.Console;

namespace Hypir.Engine.Commands.Models;

/// <summary>Shows downloads on the error stream: a bar at a terminal, a line now and then elsewhere.</summary>
internal sealed class DownloadLines : IProgress<DownloadProgress>, IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private readonly IAnsiConsole _console = ErrorConsole.Open();
    private readonly Lock _lock = new();
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private (string Target, DownloadStage Stage, string? Trouble)? _last;
    private ProgressDisplay? _display;

    /// <inheritdoc/>
    public void Report(DownloadProgress value)
    {
        lock (_lock)
        {
            string name = Path.GetFileName(value.Target), what = Words(value);
            var now = (value.Target, value.Stage, value.Trouble);
            bool changed = now != _last;
            _last = now;
            if (ErrorConsole.IsLive(_console))
            {
                if (value.Trouble is not null && changed)
                    _console.WriteLine($"{name}: {what}");
                _display ??= new(_console, name);
                _display.Set(value.Total is > 0 and var total ? (double)value.Received / total : 0, name, what);
            }
            else if ((changed && value.Stage is not (DownloadStage.Connecting or DownloadStage.Checking)) || _since.Elapsed >= Between)
            {
                _console.WriteLine($"{name}: {what}");
                _since.Restart();
            }
        }
    }

    /// <summary>Takes the bar away.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _display?.Dispose();
            _display = null;
        }
    }

    private static string Words(DownloadProgress progress)
    {
        string amount = progress.Total is { } total ? $"{Sizes.Of(progress.Received)} of {Sizes.Of(total)}" : Sizes.Of(progress.Received);
        return progress.Stage switch
        {
            DownloadStage.WaitingForOther => "another process downloads it; waiting",
            DownloadStage.Checking => $"reading what is here ({Sizes.Of(progress.Received)})",
            DownloadStage.Connecting => $"asking {progress.Source}",
            DownloadStage.Unpacking => $"unpacking {amount}",
            DownloadStage.WaitingToRetry => $"{progress.Trouble} Next try in {Reporting.Words.Of(progress.Wait ?? TimeSpan.Zero)}.",
            _ => $"{amount} from {progress.Source}{Rate(progress)}",
        };
    }

    private static string Rate(DownloadProgress progress) => progress.BytesPerSecond <= 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $", {Sizes.Of((long)progress.BytesPerSecond)}/s") + (progress.Remaining is { } left ? $", {Reporting.Words.Of(left)} left" : "");
}
