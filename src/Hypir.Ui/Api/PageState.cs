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

    /// <summary>Why the engine does not answer.</summary>
    public Failure? EngineFailure { get; init; }

    /// <summary>What the gallery has now.</summary>
    public static PageState Of(UiSettings settings, Gallery gallery) => gallery.Read((images, queue, models, failure) => new PageState
    {
        Version = typeof(PageState).Assembly.GetName().Version?.ToString(3) ?? "",
        Output = settings.Output,
        MaxUploadBytes = settings.MaxUploadBytes,
        Images = [.. Views(images, [.. queue])],
        Models = models is null ? null : [.. models.Models.Select(ModelView.Of)],
        EngineFailure = failure,
    });

    private static IEnumerable<ImageView> Views(IReadOnlyList<UiImage> images, List<UiImage> queue) =>
        images.Select(image => ImageView.Of(image, queue.IndexOf(image)));
}

/// <summary>An image for the page.</summary>
internal sealed record ImageView(string Id, string Name, int Width, int Height, ImageState State)
{
    /// <summary>Jobs before its own.</summary>
    public int? Ahead { get; init; }

    /// <summary>Whether its job is a part to look at.</summary>
    public bool? IsPreview { get; init; }

    /// <summary>The progress of its job.</summary>
    public ProgressView? Progress { get; init; }

    /// <summary>The restored part.</summary>
    public ShownPart? Preview { get; init; }

    /// <summary>The result.</summary>
    public ResultView? Result { get; init; }

    /// <summary>Why its job failed.</summary>
    public Failure? Failure { get; init; }

    /// <summary>What the page shows of an image.</summary>
    public static ImageView Of(UiImage image, int ahead) =>
        new(image.Id, image.Name, image.Info.Width, image.Info.Height, image.State)
        {
            Ahead = ahead < 0 ? null : ahead,
            IsPreview = image.Job is null ? null : image.Job.Area is not null,
            Progress = image.Progress is { } progress
                ? new(progress.State, progress.Fraction, progress.Tile, progress.Tiles, progress.RemainingSeconds, progress.Note is { })
                : null,
            Preview = image.Preview,
            Result = image.Result is { } result
                ? new(
                    Path.GetFileName(result.Path), result.Width, result.Height, result.Version, result.Choice, result.Notes,
                    result.Seconds)
                : null,
            Failure = image.Failure,
        };
}

/// <summary>The progress of a job for the page.</summary>
internal sealed record ProgressView(JobState State, double Fraction, int Tile, int Tiles, double? RemainingSeconds, bool HasNote);

/// <summary>A result for the page.</summary>
internal sealed record ResultView(
    string Name, int Width, int Height, int Version, Choice Choice, IReadOnlyList<string> Notes, double Seconds);

/// <summary>A model for the page.</summary>
internal sealed record ModelView(
    string Name, string Title, bool Ready, bool ReadsPrompts, string? Problem, IReadOnlyList<ModelLicense> Licenses)
{
    /// <summary>What the page shows of a model.</summary>
    public static ModelView Of(ModelEntry model) =>
        new(model.Name, model.Title, model.State == ModelState.Ready, model.ReadsPrompts, model.Problem, model.Licences);
}
