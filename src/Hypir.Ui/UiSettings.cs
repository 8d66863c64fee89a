using Hypir.Protocol.Client;
using Hypir.Protocol.Transport;

namespace Hypir.Ui;

/// <summary>How the window runs. Nothing of it can be changed from the page.</summary>
public sealed record UiSettings
{
    /// <summary>The folder for results; it is created with the first one.</summary>
    public required string Output { get; init; }

    /// <summary>How to start an engine; null to use only a running one.</summary>
    public required EngineLocation? Engine { get; init; }

    /// <summary>The engine's pipe.</summary>
    public string Pipe { get; init; } = PipeName.Default;

    /// <summary>Images to begin with: full paths. They are read where they are.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>How long the window waits with no page open and no job to do before it ends.</summary>
    public TimeSpan IdleExit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an engine may take to start; longer in tests, which share their machine.</summary>
    internal TimeSpan StartLimit { get; init; } = new EngineClientOptions().StartLimit;

    /// <summary>The largest file that a page may send, in bytes.</summary>
    public long MaxUploadBytes { get; init; } = 512L << 20;

    /// <summary>The most pixels of an image, width times height.</summary>
    public long MaxPixels { get; init; } = Hypir.Imaging.Formats.ImageLimits.DefaultMaxPixels;

    /// <summary>The most images at a time.</summary>
    public int MaxImages { get; init; } = 1000;

    /// <summary>Shows a folder to the user; a test looks at what it is called with.</summary>
    public Action<string> ShowFolder { get; init; } = Launch.Desktop.Open;

    /// <summary>The usual folder for results: Hypir in the user's pictures.</summary>
    public static string UsualOutput => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.MyPictures, Environment.SpecialFolderOption.DoNotVerify), "Hypir");
}
