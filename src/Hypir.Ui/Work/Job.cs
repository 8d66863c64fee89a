using Hypir.Protocol.Messages;

namespace Hypir.Ui.Work;

/// <summary>A job: all of an image, or a part to look at. The gallery's lock protects what changes.</summary>
/// <param name="image">The image.</param>
/// <param name="choice">The settings.</param>
/// <param name="area">The part; null for all, which is written to the folder.</param>
internal sealed class Job(UiImage image, Choice choice, Area? area = null) : IDisposable
{
    /// <summary>An unguessable name.</summary>
    public string Id { get; } = Gallery.NewId();

    /// <summary>The image.</summary>
    public UiImage Image => image;

    /// <summary>The settings.</summary>
    public Choice Choice => choice;

    /// <summary>The part; null for all.</summary>
    public Area? Area => area;

    /// <summary>Whether it is a part to look at.</summary>
    public bool IsPreview => area is not null;

    /// <summary>Whether it is computed now.</summary>
    public bool IsRunning { get; set; }

    /// <summary>Its progress, once the engine has said something.</summary>
    public JobProgress? Progress { get; set; }

    /// <summary>Cancels it.</summary>
    public CancellationTokenSource Cancel { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => Cancel.Dispose();
}
