namespace Hypir.Protocol.Messages;

/// <summary>A model that requests can name, now or after a download.</summary>
public sealed record ModelEntry
{
    /// <summary>The name in requests.</summary>
    public required string Name { get; init; }

    /// <summary>The display name.</summary>
    public required string Title { get; init; }

    /// <summary>Whether it is installed.</summary>
    public ModelState State { get; init; }

    /// <summary>Why it cannot be used now, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>The model that its LoRA weights are for, or null if it is a whole model.</summary>
    public string? Base { get; init; }

    /// <summary>Whether it accepts prompts; known only if it is installed.</summary>
    public bool ReadsPrompts { get; init; }

    /// <summary>Side of its tiles in pixels; 0 if it is not installed.</summary>
    public int Tile { get; init; }

    /// <summary>The UNet's default timestep input, or null for the usual one.</summary>
    public int? ModelT { get; init; }

    /// <summary>Default timestep of the one-step formula, or null for the usual one.</summary>
    public int? CoeffT { get; init; }

    /// <summary>
    /// Bytes still to download, including its base; 0 if it is installed, null if the sizes are not published.
    /// </summary>
    public long? DownloadBytes { get; init; }

    /// <summary>Number of files without a published hash: the first download sets the hash for later ones.</summary>
    public int UnverifiedFiles { get; init; }

    /// <summary>
    /// Licenses of its files and its base's, which must be accepted before a download; models that ship with the program are not
    /// downloaded.
    /// </summary>
    public IReadOnlyList<ModelLicense> Licences { get; init; } = [];
}

/// <summary>Whether a model can be used, and what is missing.</summary>
public enum ModelState
{
    /// <summary>It is installed.</summary>
    Ready,

    /// <summary>It can be downloaded.</summary>
    Available,

    /// <summary>It is partly downloaded; a download continues from there.</summary>
    Partial,

    /// <summary>It is not installed and no address of it is known: users who have it can add it.</summary>
    Unavailable,

    /// <summary>It was installed, but files are missing or damaged; <see cref="ModelEntry.Problem"/> says more.</summary>
    Damaged,
}

/// <summary>A license of a model.</summary>
/// <param name="Id">Its short name, for <see cref="IEngine.GetLicenceAsync"/>.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Accepted">Whether it was accepted on this machine in its current wording.</param>
public sealed record ModelLicense(string Id, string Name, bool Accepted);

/// <summary>The models that requests can name, and those available for download.</summary>
/// <param name="Models">Models, starting with the automatic choice and those that ship. Only those in the state
/// <see cref="ModelState.Ready"/> can be used.</param>
/// <param name="Loras">Names of LoRA weights for <see cref="RestoreRequest.Lora"/>; each of them is also a model, together with its
/// base.</param>
public sealed record ModelList(IReadOnlyList<ModelEntry> Models, IReadOnlyList<string> Loras)
{
    /// <summary>
    /// Single-pass networks of the list that can be downloaded. They are apart, since there are many; once installed, they are among
    /// <see cref="Models"/>.
    /// </summary>
    public IReadOnlyList<ModelEntry> Networks { get; init; } = [];
}

/// <summary>The text that a user must see before accepting a license.</summary>
/// <param name="Id">Its short name.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Text">The name, the quoted terms, and their address; show all of it.</param>
/// <param name="Address">The address of the original terms.</param>
/// <param name="Sha256">SHA-256 of <paramref name="Text"/> in UTF-8, in lower-case hexadecimal digits: identifies the accepted
/// wording.</param>
/// <param name="Accepted">When it was accepted on this machine in this wording, in UTC, or null.</param>
public sealed record LicenseText(string Id, string Name, string Text, string Address, string Sha256, DateTimeOffset? Accepted = null);

/// <summary>
/// A user's own model or LoRA weights to add: the only request that contains a path. The path must come from the user directly, such as
/// from a file dialog; it is only read, and restore requests refer to the resulting model by name.
/// </summary>
public sealed record AddModelRequest
{
    /// <summary>
    /// The full path of a file (LoRA weights, a single-file model) or of a folder in diffusers' layout, on a disk of this machine.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Its new name: lower-case letters, digits, '.', '_' and '-'; null derives a name from the file.</summary>
    public string? Name { get; init; }

    /// <summary>The model that LoRA weights are for; null selects the one that they fit.</summary>
    public string? Base { get; init; }

    /// <summary>Whether to copy the files. Otherwise they stay where they are, and only their place is recorded.</summary>
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

/// <summary>The progress of a model's download or copy; the notification <c>download</c>.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Model">The requested model.</param>
/// <param name="File">The current file, as its path in the store: "sd2.1-base/unet/config.json".</param>
/// <param name="Step">The current step.</param>
/// <param name="ReceivedBytes">Bytes of all files already here, including those of earlier downloads.</param>
/// <param name="TotalBytes">Bytes of all files, or null if some sizes are unknown.</param>
/// <param name="BytesPerSecond">Rate over the last seconds; 0 while unknown.</param>
/// <param name="RemainingSeconds">Time left at this rate, or null if unknown.</param>
/// <param name="Source">The server or folder in use, or null.</param>
/// <param name="WaitSeconds">The wait before the next try, or null.</param>
/// <param name="Trouble">The current problem, as a sentence for the user; usually null.</param>
public sealed record DownloadReport(
    string JobId, string Model, string File, DownloadStep Step, long ReceivedBytes, long? TotalBytes = null, double BytesPerSecond = 0,
    double? RemainingSeconds = null, string? Source = null, double? WaitSeconds = null, string? Trouble = null);

/// <summary>The current step of a download.</summary>
public enum DownloadStep
{
    /// <summary>Another program is downloading the same file; waiting for it.</summary>
    WaitingForOther,

    /// <summary>Reading and checking local bytes.</summary>
    Checking,

    /// <summary>Waiting for a server's answer.</summary>
    Connecting,

    /// <summary>Receiving bytes.</summary>
    Receiving,

    /// <summary>Waiting to retry after a failure.</summary>
    WaitingToRetry,

    /// <summary>Unpacking a downloaded archive.</summary>
    Unpacking,
}
