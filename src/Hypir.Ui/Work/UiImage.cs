using Hypir.Imaging;
using Hypir.Protocol.Messages;

namespace Hypir.Ui.Work;

/// <summary>An image of the window. The gallery's lock protects what changes.</summary>
/// <param name="Id">An unguessable name.</param>
/// <param name="Name">The file's name, for people and for the result.</param>
/// <param name="Source">The file.</param>
/// <param name="Info">Its header.</param>
internal sealed record UiImage(string Id, string Name, string Source, ImageInfo Info)
{
    /// <summary>What happens to it.</summary>
    public ImageState State { get; set; } = ImageState.Ready;

    /// <summary>The restored part in view; null if there is none.</summary>
    public ShownPart? Preview { get; set; }

    /// <summary>Its results, the newest last: of different settings, to be compared.</summary>
    public List<SavedResult> Results { get; } = [];

    /// <summary>Why its last job failed; null if it did not.</summary>
    public Failure? Failure { get; set; }

    /// <summary>Its jobs, waiting and running.</summary>
    public List<Job> Jobs { get; } = [];

    /// <summary>Serializes writing of its results.</summary>
    public SemaphoreSlim Saving { get; } = new(1, 1);

    /// <summary>A result.</summary>
    /// <param name="version">Its number; null for the newest one.</param>
    public SavedResult? Find(int? version) =>
        version is null ? Results.LastOrDefault() : Results.Find(result => result.Version == version);
}

/// <summary>What happens to an image.</summary>
internal enum ImageState
{
    /// <summary>Nothing.</summary>
    Ready,

    /// <summary>Its job waits.</summary>
    Queued,

    /// <summary>Its job is computed.</summary>
    Running,

    /// <summary>It has a result.</summary>
    Done,

    /// <summary>Its job failed.</summary>
    Failed,
}

/// <summary>A restored part of an image, which the page shows over the image.</summary>
/// <param name="Area">The part.</param>
/// <param name="Version">Counts results, so that the page loads the current one.</param>
/// <param name="Choice">The settings.</param>
internal sealed record ShownPart(Area Area, int Version, Choice Choice);

/// <summary>A result.</summary>
/// <param name="Path">Its file in the folder for results.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Version">Counts results, so that the page loads the current one.</param>
/// <param name="Choice">The settings.</param>
/// <param name="Model">The model that made it.</param>
/// <param name="Grounds">What decided the model; null if it was named.</param>
/// <param name="Notes">What the user should know about it, one sentence each.</param>
/// <param name="Seconds">Seconds of computing.</param>
internal sealed record SavedResult(
    string Path, int Width, int Height, int Version, Choice Choice, string Model, IReadOnlyList<string>? Grounds,
    IReadOnlyList<string> Notes, double Seconds);

/// <summary>Why something failed.</summary>
/// <param name="Code">The engine's error, or a word of the window's own: the key of the page's words.</param>
/// <param name="Message">The problem, in English.</param>
/// <param name="Remedy">What to do, in English; null if nobody knows.</param>
internal sealed record Failure(string Code, string Message, string? Remedy)
{
    /// <summary>Puts an exception into words.</summary>
    public static Failure Of(Exception failure) => failure switch
    {
        EngineException told => new(told.Error.ToString(), told.Message, told.Remedy),
        ImageException image => new("BadImage", image.Message[(image.Path.Length + 2)..], image.Remedy),
        HypirException known => new("CannotWrite", known.Message, known.Remedy),
        OutOfMemoryException => new("OutOfMemory", failure.Message, null),
        IOException or UnauthorizedAccessException => new("CannotWrite", failure.Message, null),
        _ => new("Internal", failure.Message, null),
    };
}
