using PaintDotNet.Imaging;

namespace PaintDotNet.Effects;

public interface IBitmapEffectEnvironment : IEffectEnvironment2
{
    IImagingFactory ImagingFactory { get; }

    new IBitmapEffectDocumentInfo Document { get; }

    new IBitmapEffectSelectionInfo Selection { get; }
}
