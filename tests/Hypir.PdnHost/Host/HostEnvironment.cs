using PaintDotNet.Effects;
using PaintDotNet.Imaging;
using PaintDotNet.Rendering;

namespace Hypir.PdnHost.Host;

/// <summary>What an effect learns of the document (H6, paintdotnet.md:44-45).</summary>
internal sealed class HostEnvironment(Ledger ledger, RasterImage image)
    : Counted(null),
        IBitmapEffectEnvironment,
        IBitmapEffectDocumentInfo,
        IBitmapEffectLayerInfo,
        IBitmapEffectSelectionInfo
{
    private readonly HostColors _colors = new(null, image.Exponent);

    public IImagingFactory ImagingFactory { get; } = new HostFactory(ledger);

    public IBitmapEffectDocumentInfo Document => this;

    public IBitmapEffectSelectionInfo Selection => this;

    public int SourceLayerIndex => 0;

    public SizeInt32 Size => new(image.Width, image.Height);

    public PixelFormat PixelFormat => PixelFormats.Bgra32;

    public IColorContext ColorContext => _colors;

    public IReadOnlyList<IBitmapEffectLayerInfo> Layers => [this];

    public string Name => "Background";

    public RectInt32 RenderBounds => image.Bounds;

    public IReadOnlyList<RectInt32> RenderScans => [image.Bounds];

    public IEffectInputBitmap<ColorAlpha8> MaskBitmap =>
        new HostBitmap<ColorAlpha8>(ledger, image.Mask, image.Width, image.Height, null);

    IEffectDocumentInfo IEffectEnvironment.Document => this;

    IEffectSelectionInfo IEffectEnvironment.Selection => this;

    IReadOnlyList<IEffectLayerInfo> IEffectDocumentInfo.Layers => Layers;

    public IEffectInputBitmap GetBitmap(in PixelFormat pixelFormat) =>
        pixelFormat == PixelFormats.Bgra32
            ? new HostBitmap<ColorBgra32>(ledger, image.Pixels, image.Width, image.Height, _colors)
            : throw new NotSupportedException("The host knows Bgra32 only.");
}
