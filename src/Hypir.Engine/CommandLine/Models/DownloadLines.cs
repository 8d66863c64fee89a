using System.Diagnostics;
using System.Globalization;
using Hypir.Engine.Reporting;
using Hypir.Models;
using Hypir.Models.Download;

namespace Hypir.Engine.CommandLine.Models;

/// <summary>Tells of downloads on the error stream: one line that changes at a terminal, else a line now and then.</summary>
internal sealed class DownloadLines : IProgress<DownloadProgress>, IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private readonly bool _live = !Console.IsErrorRedirected;
    private readonly Lock _lock = new();
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private (string Target, DownloadStage Stage, string? Trouble)? _last;
    private int _width;

    /// <inheritdoc/>
    public void Report(DownloadProgress value)
    {
        lock (_lock)
        {
            var now = (value.Target, value.Stage, value.Trouble);
            bool changed = now != _last;
            _last = now;
            if (_live)
                Rewrite(Line(value), stays: value.Trouble is not null);
            else if ((changed && value.Stage is not (DownloadStage.Connecting or DownloadStage.Checking)) || _since.Elapsed >= Between)
                Console.Error.WriteLine(Line(value));
            else
                return;
            _since.Restart();
        }
    }

    /// <summary>Leaves the terminal's line.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_live && _width > 0)
                Rewrite("", stays: false);
        }
    }

    private static string Line(DownloadProgress progress)
    {
        string name = Path.GetFileName(progress.Target), amount = progress.Total is { } total ? $"{Sizes.Of(progress.Received)} of {Sizes.Of(total)}" : Sizes.Of(progress.Received);
        return progress.Stage switch
        {
            DownloadStage.WaitingForOther => $"{name}: another process downloads it; waiting",
            DownloadStage.Checking => $"{name}: reading what is here ({Sizes.Of(progress.Received)})",
            DownloadStage.Connecting => $"{name}: asking {progress.Source}",
            DownloadStage.Unpacking => $"{name}: unpacking {amount}",
            DownloadStage.WaitingToRetry => $"{name}: {progress.Trouble} Next try in {Words.Of(progress.Wait ?? TimeSpan.Zero)}.",
            _ => $"{name}: {amount} from {progress.Source}{Rate(progress)}",
        };
    }

    private static string Rate(DownloadProgress progress) => progress.BytesPerSecond <= 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $", {Sizes.Of((long)progress.BytesPerSecond)}/s") + (progress.Remaining is { } left ? $", {Words.Of(left)} left" : "");

    private void Rewrite(string line, bool stays)
    {
        Console.Error.Write($"\r{line.PadRight(_width)}{(stays ? Environment.NewLine : "\r")}");
        _width = stays ? 0 : line.Length;
    }
}
