namespace Hypir.Restoration.Images;

/// <summary>What a picture's file says besides its pixels, kept so that the restored file can say it too.</summary>
public sealed record PictureMetadata
{
    /// <summary>No metadata.</summary>
    public static PictureMetadata None { get; } = new();
}
