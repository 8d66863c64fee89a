namespace Hypir.Protocol.Messages;

/// <summary>A model that requests can name, or could name after a download.</summary>
public sealed record ModelEntry
{
    /// <summary>The name in requests.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, for people.</summary>
    public required string Title { get; init; }

    /// <summary>Whether it is here.</summary>
    public ModelState State { get; init; }

    /// <summary>Why it cannot be used now, or null where it can.</summary>
    public string? Problem { get; init; }

    /// <summary>The model that its LoRA weights are for, or null where it stands for itself.</summary>
    public string? Base { get; init; }

    /// <summary>Whether it understands prompts; known of what is here.</summary>
    public bool ReadsPrompts { get; init; }

    /// <summary>Side of its tiles in pixels; 0 where it is not here.</summary>
    public int Tile { get; init; }

    /// <summary>Timestep that its UNet is told where a request says nothing, or null for the usual one.</summary>
    public int? ModelT { get; init; }

    /// <summary>Timestep of the one-step formula where a request says nothing, or null for the usual one.</summary>
    public int? CoeffT { get; init; }

    /// <summary>
    /// Bytes that a download would still bring, those of its base included; 0 where it is here, null where nobody has published the sizes.
    /// </summary>
    public long? DownloadBytes { get; init; }

    /// <summary>Files whose hash nobody has published: the first download is what later ones are held to.</summary>
    public int UnverifiedFiles { get; init; }

    /// <summary>
    /// Terms of its files and its base's, which must be accepted before a download; what comes with the program is not downloaded.
    /// </summary>
    public IReadOnlyList<ModelLicense> Licences { get; init; } = [];
}

/// <summary>Whether a model can be used, and what it takes.</summary>
public enum ModelState
{
    /// <summary>It is here.</summary>
    Ready,

    /// <summary>It can be downloaded.</summary>
    Available,

    /// <summary>A part of it has been downloaded; a download goes on from there.</summary>
    Partial,

    /// <summary>It is not here and no address of it is known: a person who has it adds it.</summary>
    Unavailable,

    /// <summary>It was here, but files are missing or damaged; <see cref="ModelEntry.Problem"/> says more.</summary>
    Damaged,
}

/// <summary>A license of a model.</summary>
/// <param name="Id">Its short name, for <see cref="IEngine.GetLicenceAsync"/>.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Accepted">Whether it was accepted on this machine in its present wording.</param>
public sealed record ModelLicense(string Id, string Name, bool Accepted);

/// <summary>What requests can name, and what could be had.</summary>
/// <param name="Models">Models; the one that ships is first. Only those in the state <see cref="ModelState.Ready"/> can be restored with.</param>
/// <param name="Loras">Names of LoRA weights for <see cref="RestoreRequest.Lora"/>; each of them is, with its base, a model too.</param>
public sealed record ModelList(IReadOnlyList<ModelEntry> Models, IReadOnlyList<string> Loras);

/// <summary>What a person must be shown before a license can be accepted.</summary>
/// <param name="Id">Its short name.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Text">The name, the terms quoted, and their address: all of it is shown.</param>
/// <param name="Address">Where the terms themselves are to be read.</param>
/// <param name="Sha256">Of <paramref name="Text"/> in UTF-8, in small hexadecimal digits: says which wording is accepted.</param>
/// <param name="Accepted">When it was accepted on this machine in this wording, in UTC, or null.</param>
public sealed record LicenseText(string Id, string Name, string Text, string Address, string Sha256, DateTimeOffset? Accepted = null);

/// <summary>
/// A model or LoRA weights that a person has and wants to use: the one request with a path in it. It must come from the person's own hand,
/// such as from a dialog for files; it is only read, and requests to restore know what came of it by its name.
/// </summary>
public sealed record AddModelRequest
{
    /// <summary>
    /// The whole path of a file (LoRA weights, a single-file model) or of a folder in diffusers' layout, on a disk of this machine.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>What it is to be called: small letters, digits, '.', '_' and '-'; null makes a name of the file's.</summary>
    public string? Name { get; init; }

    /// <summary>The model that LoRA weights are for; null takes the one that they fit.</summary>
    public string? Base { get; init; }

    /// <summary>Whether the files are copied. Otherwise they stay where they are, and only their place is remembered.</summary>
    public bool Copy { get; init; }

    /// <summary>Default of <see cref="RestoreRequest.ModelT"/>.</summary>
    public int? ModelT { get; init; }

    /// <summary>Default of <see cref="RestoreRequest.CoeffT"/>.</summary>
    public int? CoeffT { get; init; }

    /// <summary>Default of <see cref="RestoreRequest.Tile"/>.</summary>
    public int? Tile { get; init; }

    /// <summary>Default of <see cref="RestoreRequest.Stride"/>.</summary>
    public int? Stride { get; init; }
}

/// <summary>How far a model's download or copy is; the notification <c>download</c>.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Model">The model that was asked for.</param>
/// <param name="File">The file it is at, as its place in the store: "sd2.1-base/unet/config.json".</param>
/// <param name="Step">What it is at.</param>
/// <param name="ReceivedBytes">Bytes of all files that are here, those of earlier downloads included.</param>
/// <param name="TotalBytes">Bytes of all files, or null where not all sizes are known yet.</param>
/// <param name="BytesPerSecond">Rate of the last seconds; 0 while it is not known.</param>
/// <param name="RemainingSeconds">Time left at this rate, or null where it cannot be told.</param>
/// <param name="Source">The server or folder in use, or null.</param>
/// <param name="WaitSeconds">How long it is waited before the next try, or null.</param>
/// <param name="Trouble">What is the matter, as a sentence for the person; mostly null.</param>
public sealed record DownloadReport(
    string JobId, string Model, string File, DownloadStep Step, long ReceivedBytes, long? TotalBytes = null, double BytesPerSecond = 0,
    double? RemainingSeconds = null, string? Source = null, double? WaitSeconds = null, string? Trouble = null);

/// <summary>What a download is at.</summary>
public enum DownloadStep
{
    /// <summary>Another program downloads the same file: it is waited for.</summary>
    WaitingForOther,

    /// <summary>Bytes that are on this machine are read and checked.</summary>
    Checking,

    /// <summary>A server was asked and has not answered yet.</summary>
    Connecting,

    /// <summary>Bytes come.</summary>
    Receiving,

    /// <summary>After a failure, the next try is waited for.</summary>
    WaitingToRetry,

    /// <summary>An archive that has come is unpacked.</summary>
    Unpacking,
}
