using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel.Running;

/// <summary>Formats progress, times, and sizes as text.</summary>
internal static class ProgressWords
{
    public static string Of(Words words, JobProgress progress)
    {
        // A note announces a restart of the engine or smaller steps. It is in English, so it is replaced.
        if (progress.Note is not null)
            return words[progress.State == JobState.Queued ? Phrase.EngineRestarted : Phrase.SmallerSteps];
        string said = progress.State switch
        {
            JobState.Queued when progress.Ahead > 0 => words.Of(Phrase.WaitingBehind, progress.Ahead),
            JobState.Queued => words[Phrase.Waiting],
            JobState.Loading => words[Phrase.Loading],
            JobState.Encoding => words[Phrase.Reading],
            JobState.Restoring => words[Phrase.Restoring],
            JobState.Decoding => words[Phrase.Drawing],
            _ => words[Phrase.Finishing],
        };
        if (progress.Tiles > 1)
            said = words.Of(Phrase.TileOf, said, Math.Min(progress.Tile + 1, progress.Tiles), progress.Tiles);
        return Left(words, said, progress.RemainingSeconds);
    }

    public static string Of(Words words, string title, DownloadReport report)
    {
        string said = (words.AreTheEngines ? report.Trouble : null)
            ?? report.Step switch
            {
                DownloadStep.WaitingForOther => words.Of(Phrase.DownloadOther, title),
                DownloadStep.Checking => words.Of(Phrase.DownloadChecking, title),
                DownloadStep.Connecting => words.Of(Phrase.DownloadConnecting, title),
                DownloadStep.Unpacking => words.Of(Phrase.Unpacking, title),
                DownloadStep.WaitingToRetry => words.Of(Phrase.DownloadRetry, title),
                _ => report.TotalBytes is { } total
                    ? words.Of(Phrase.DownloadReceiving, title, Size(words, report.ReceivedBytes), Size(words, total))
                    : words.Of(Phrase.DownloadReceived, title, Size(words, report.ReceivedBytes)),
            };
        return Left(words, said, report.RemainingSeconds);
    }

    /// <summary>An approximate duration.</summary>
    public static string Duration(Words words, double seconds) => PlanFigures.Time(seconds) switch
    {
        ( < 5, PlanTimeUnit.Seconds) => words[Phrase.FewSeconds],
        var (value, unit) => words.Of(unit switch
        {
            PlanTimeUnit.Seconds => Phrase.Seconds,
            PlanTimeUnit.Minutes => Phrase.Minutes,
            PlanTimeUnit.Hours => Phrase.Hours,
            _ => Phrase.Days,
        }, value),
    };

    /// <summary>A file size.</summary>
    public static string Size(Words words, long bytes) =>
        bytes >= 1e9 ? words.Of(Phrase.Gigabytes, Math.Round(bytes / 1e9, 1)) : words.Of(Phrase.Megabytes, Math.Round(bytes / 1e6));

    private static string Left(Words words, string said, double? seconds) =>
        seconds is { } left ? words.Of(Phrase.TimeLeft, said, Duration(words, left)) : said;
}

/// <summary>
/// Describes the time and memory of a restoration before it starts: "165 tiles, about 58 minutes on CPU, 3.1 GB; about 2 minutes on your
/// GPU".
/// </summary>
internal static class PlanWords
{
    /// <param name="words">The language.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="onGpu">The plan on the GPU, if there is one and another device is chosen.</param>
    /// <param name="offersGpu">Whether there is a GPU that is not in use yet.</param>
    public static string Of(Words words, PlanAnswer plan, PlanAnswer? onGpu, bool offersGpu = false)
    {
        string device = plan.Device == "cpu" ? "CPU" : words[Phrase.Gpu];
        // The memory of the computing device, as on the command line.
        long bytes = plan.GpuMemoryBytes > 0 ? plan.GpuMemoryBytes : plan.MemoryBytes;
        string[] parts =
        [
            plan.Tiles == 1 ? words[Phrase.OneTile] : words.Of(Phrase.Tiles, plan.Tiles),
            plan.Seconds is { } seconds
                ? words.Of(Phrase.PlanTime, ProgressWords.Duration(words, seconds), device)
                : words.Of(Phrase.PlanTimeUnknown, device),
            words.Of(Phrase.PlanMemory, PlanFigures.Gigabytes(bytes)),
        ];
        string text = parts.Aggregate((said, part) => words.Of(Phrase.And, said, part));
        if (onGpu?.Seconds is { } faster)
            text = words.Of(Phrase.Further, text, words.Of(Phrase.PlanElsewhere, ProgressWords.Duration(words, faster)));
        else if (offersGpu)
            text = words.Of(Phrase.Further, text, words[Phrase.GpuOffer]);
        return plan.Fits ? text : words.Of(Phrase.Further, text, words[Phrase.PlanTooLarge]);
    }
}
