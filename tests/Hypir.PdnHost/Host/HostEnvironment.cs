using PaintDotNet.Effects;
using PaintDotNet.Imaging;
using PaintDotNet.Rendering;

namespace Hypir.PdnHost.Host;

/// <summary>What an effect learns of the document (H6, paintdotnet.md:44-45).</summary>
internal sealed class HostEnvironment(Ledger ledger, RasterImage picture)
    : Counted(null),
        IBitmapEffectEnvironment,
        IBitmapEffectDocumentInfo,
        IBitmapEffectLayerInfo,
        IBitmapEffectSelectionInfo
{
    private readonly HostColors _colours = new(null, picture.Exponent);

    public IImagingFactory ImagingFactory { get; } = new HostFactory(ledger);

    public IBitmapEffectDocumentInfo Document => this;

    public IBitmapEffectSelectionInfo Selection => this;

    public int SourceLayerIndex => 0;

    public SizeInt32 Size => new(picture.Width, picture.Height);

    public PixelFormat PixelFormat => PixelFormats.Bgra32;

    public IColorContext ColorContext => _colours;

    public IReadOnlyList<IBitmapEffectLayerInfo> Layers => [this];

    public string Name => "Background";

    public RectInt32 RenderBounds => picture.Bounds;

    public IReadOnlyList<RectInt32> RenderScans => [picture.Bounds];

    public IEffectInputBitmap<ColorAlpha8> MaskBitmap =>
        new HostBitmap<ColorAlpha8>(ledger, picture.Mask, picture.Width, picture.Height, null);

    IEffectDocumentInfo IEffectEnvironment.Document => this;

    IEffectSelectionInfo IEffectEnvironment.Selection => this;

    IReadOnlyList<IEffectLayerInfo> IEffectDocumentInfo.Layers => Layers;

    public IEffectInputBitmap GetBitmap(in PixelFormat pixelFormat) =>
        pixelFormat == PixelFormats.Bgra32
            ? new HostBitmap<ColorBgra32>(ledger, picture.Pixels, picture.Width, picture.Height, _colours)
            : throw new NotSupportedException("The host knows Bgra32 only.");
}
