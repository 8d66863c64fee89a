using Hypir.Imaging.Color;

namespace Hypir.Imaging.Vips;

/// <summary>An opened picture file: its header is read, its pixels are not.</summary>
internal interface IImageDecoder : IDisposable
{
    /// <summary>What the header says.</summary>
    ImageInfo Info { get; }

    /// <summary>Decodes the pixels. Called at most once.</summary>
    /// <param name="keepOwnColors">Whether samples in the colors of the file's own profile are kept too (<see cref="OwnColors"/>).</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ImageException">The file is damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    RasterImage Decode(bool keepOwnColors, CancellationToken cancellation);
}
