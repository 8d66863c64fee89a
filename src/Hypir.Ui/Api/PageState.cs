using System.Text.Json;
using System.Text.Json.Serialization;
using Hypir.Protocol.Messages;
using Hypir.Ui.Work;

namespace Hypir.Ui.Api;

/// <summary>All that a page shows. It has no paths but the name of the folder for results, which the user chose.</summary>
internal sealed record PageState
{
    /// <summary>How the page gets it.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        MaxDepth = 8,
    };

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>The folder for results.</summary>
    public required string Output { get; init; }

    /// <summary>The largest upload in bytes.</summary>
    public required long MaxUploadBytes { get; init; }

    /// <summary>The images in order.</summary>
    public required IReadOnlyList<ImageView> Images { get; init; }

    /// <summary>Models; null until the engine has answered.</summary>
    public IReadOnlyList<ModelView>? Models { get; init; }

    /// <summary>Downloads and copies of models, by name; those that run and those that failed.</summary>
    public required IReadOnlyDictionary<string, Transfer> Transfers { get; init; }

    /// <summary>Why the engine does not answer.</summary>
    public Failure? EngineFailure { get; init; }

    /// <summary>What the gallery has now.</summary>
    public static PageState Of(UiSettings settings, Gallery gallery) => gallery.Read((images, queue, models, failure) => new PageState
    {
        Version = typeof(PageState).Assembly.GetName().Version?.ToString(3) ?? "",
        Output = settings.Output,
        MaxUploadBytes = settings.MaxUploadBytes,
        Images = [.. Views(images, queue)],
        Models = models is null ? null : [.. models.Models.Concat(models.Networks).Select(ModelView.Of)],
        Transfers = gallery.Transfers,
        EngineFailure = failure,
    });

    private static IEnumerable<ImageView> Views(IReadOnlyList<UiImage> images, IReadOnlyCollection<Job> queue)
    {
        Dictionary<Job, int> places = queue.Index().ToDictionary(place => place.Item, place => place.Index);
        return images.Select(image => ImageView.Of(image, places));
    }
}

/// <summary>An image for the page.</summary>
internal sealed record ImageView(string Id, string Name, int Width, int Height, ImageState State)
{
    /// <summary>Its jobs, the running one first; null for none.</summary>
    public IReadOnlyList<JobView>? Jobs { get; init; }

    /// <summary>The restored part.</summary>
    public ShownPart? Preview { get; init; }

    /// <summary>The results, the newest last; null for none.</summary>
    public IReadOnlyList<ResultView>? Results { get; init; }

    /// <summary>Why its job failed.</summary>
    public Failure? Failure { get; init; }

    /// <summary>What the page shows of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="places">The places of waiting jobs in the queue.</param>
    public static ImageView Of(UiImage image, IReadOnlyDictionary<Job, int> places) =>
        new(image.Id, image.Name, image.Info.Width, image.Info.Height, image.State)
        {
            Jobs = image.Jobs.Count == 0 ? null
                : [.. image.Jobs.Select(job => JobView.Of(job, places)).OrderBy(job => job.Ahead ?? -1)],
            Preview = image.Preview,
            Results = image.Results.Count == 0 ? null : [.. image.Results.Select(ResultView.Of)],
            Failure = image.Failure,
        };
}

/// <summary>A job for the page.</summary>
/// <param name="Id">Its name.</param>
/// <param name="IsPreview">Whether it is a part to look at.</param>
/// <param name="Choice">The settings.</param>
/// <param name="Ahead">Jobs before it; null if it runs.</param>
/// <param name="Progress">Its progress.</param>
internal sealed record JobView(string Id, bool IsPreview, Choice Choice, int? Ahead, ProgressView? Progress)
{
    /// <summary>What the page shows of a job.</summary>
    public static JobView Of(Job job, IReadOnlyDictionary<Job, int> places) => new(
        job.Id, job.IsPreview, job.Choice, places.TryGetValue(job, out int place) ? place : null,
        job.Progress is { } progress
            ? new(progress.State, progress.Fraction, progress.Tile, progress.Tiles, progress.RemainingSeconds, progress.Note is { })
            : null);
}

/// <summary>The progress of a job for the page.</summary>
internal sealed record ProgressView(JobState State, double Fraction, int Tile, int Tiles, double? RemainingSeconds, bool HasNote);

/// <summary>A result for the page.</summary>
internal sealed record ResultView(
    string Name, int Width, int Height, int Version, Choice Choice, string Model, IReadOnlyList<string>? Grounds,
    IReadOnlyList<string> Notes, double Seconds)
{
    /// <summary>What the page shows of a result.</summary>
    public static ResultView Of(SavedResult result) => new(
        Path.GetFileName(result.Path), result.Width, result.Height, result.Version, result.Choice, result.Model, result.Grounds,
        result.Notes, result.Seconds);
}

/// <summary>A model for the page.</summary>
internal sealed record ModelView(string Name, string Title, ModelState State, bool ReadsPrompts, string? Problem)
{
    /// <summary>Bytes still to download; null if the sizes are not published.</summary>
    public long? DownloadBytes { get; init; }

    /// <summary>The licenses, and whether they were accepted on this machine.</summary>
    public IReadOnlyList<ModelLicense> Licenses { get; init; } = [];

    /// <summary>Whether it can be used.</summary>
    public bool Ready => State == ModelState.Ready;

    /// <summary>What the page shows of a model.</summary>
    public static ModelView Of(ModelEntry model) => new(model.Name, model.Title, model.State, model.ReadsPrompts, model.Problem)
    {
        DownloadBytes = model.DownloadBytes,
        Licenses = model.Licences,
    };
}
