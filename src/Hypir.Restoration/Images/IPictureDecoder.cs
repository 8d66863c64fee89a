namespace Hypir.Restoration.Images;

/// <summary>An opened picture file: its header is read, its pixels are not.</summary>
internal interface IPictureDecoder : IDisposable
{
    /// <summary>What the header says.</summary>
    PictureInfo Info { get; }

    /// <summary>Decodes the pixels. Called at most once.</summary>
    /// <exception cref="PictureException">The file is damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Picture Decode(CancellationToken cancellation);
}
