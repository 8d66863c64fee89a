using System.Globalization;
using Hypir.Protocol;

namespace Hypir.PdnEffect.ViewModel;

/// <summary>Progress in words.</summary>
internal static class ProgressWords
{
    public static string Of(JobProgress progress)
    {
        string stage = progress.State switch
        {
            JobState.Queued when progress.Ahead > 0 => $"Waiting: {progress.Ahead} before this one",
            JobState.Queued => "Waiting",
            JobState.Loading => "Loading the model",
            JobState.Encoding => "Reading the picture",
            JobState.Restoring => "Restoring",
            JobState.Decoding => "Drawing the picture",
            _ => "Finishing",
        };
        string tiles = progress.Tiles > 1 ? $", tile {Math.Min(progress.Tile + 1, progress.Tiles)} of {progress.Tiles}" : "";
        return stage + tiles + Left(progress.RemainingSeconds);
    }

    private static string Left(double? seconds) => seconds switch
    {
        null => "",
        < 5 => ", a few seconds left",
        < 90 => string.Create(CultureInfo.CurrentCulture, $", about {Math.Ceiling(seconds.Value / 5) * 5:0} seconds left"),
        < 90 * 60 => string.Create(CultureInfo.CurrentCulture, $", about {seconds.Value / 60:0} minutes left"),
        _ => string.Create(CultureInfo.CurrentCulture, $", about {seconds.Value / 3600:0.#} hours left"),
    };
}
