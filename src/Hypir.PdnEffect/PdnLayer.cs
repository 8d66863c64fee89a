using Hypir.PdnEffect.ViewModel;
using PaintDotNet;
using PaintDotNet.Effects;
using PaintDotNet.Imaging;
using PaintDotNet.Rendering;

namespace Hypir.PdnEffect;

/// <summary>The layer that the effect is used on. Pixels are read from the editor's bitmap when they are needed: no copy is held.</summary>
internal sealed class PdnLayer : ILayerPixels, IDisposable
{
    private readonly IImagingFactory _factory;
    private readonly IEffectInputBitmap<ColorBgra32> _source;
    private readonly IColorContext _srgb;
    private readonly IColorContext _document;
    private readonly IBitmapSource<ColorBgra32>? _converted;

    public PdnLayer(IBitmapEffectEnvironment environment)
    {
        _factory = environment.ImagingFactory;
        _source = environment.GetSourceBitmapBgra32();
        _srgb = _factory.CreateColorContext(ExifColorSpace.Srgb);
        _document = environment.Document.ColorContext;
        RectInt32 selection = environment.Selection.RenderBounds;
        Bounds = new(0, 0, _source.Size.Width, _source.Size.Height);
        Selection = new Region(selection.X, selection.Y, selection.Width, selection.Height).Intersect(Bounds);
        if (!_document.Equals(_srgb))
            _converted = _source.CreateColorTransformer<ColorBgra32>(_document, _srgb);
        ColourSpace = _converted is null ? "sRGB" : Convert.ToHexString(_document.GetProfileBytes().Span);
    }

    public Region Bounds { get; }

    public Region Selection { get; }

    public string ColourSpace { get; }

    public void Read(int x, int y, int width, Span<byte> rows) => Copy(_source, x, y, width, rows);

    public void ReadSrgb(int x, int y, int width, Span<byte> rows) => Copy(_converted ?? _source, x, y, width, rows);

    public void FromSrgb(int width, Span<byte> rows)
    {
        if (_converted is null)
            return;
        using IBitmap<ColorBgra32> strip = _factory.CreateBitmap<ColorBgra32>(width, rows.Length / (width * 4));
        using (IBitmapLock<ColorBgra32> held = strip.Lock(BitmapLockOptions.Write))
            Fill(held.AsRegionPtr(), rows);
        using IBitmapSource<ColorBgra32> back = strip.CreateColorTransformer<ColorBgra32>(_srgb, _document);
        Copy(back, 0, 0, width, rows);
    }

    public void Dispose()
    {
        _converted?.Dispose();
        _srgb.Dispose();
        _source.Dispose();
    }

    private static unsafe void Copy(IBitmapSource<ColorBgra32> from, int x, int y, int width, Span<byte> rows)
    {
        int stride = width * sizeof(ColorBgra32);
        fixed (byte* start = rows)
            from.CopyPixels(new RegionPtr<ColorBgra32>((ColorBgra32*)start, width, rows.Length / stride, stride), new Point2Int32(x, y));
    }

    private static unsafe void Fill(RegionPtr<ColorBgra32> target, ReadOnlySpan<byte> rows)
    {
        int bytes = target.Width * sizeof(ColorBgra32);
        for (int row = 0; row < target.Height; row++)
            rows.Slice(row * bytes, bytes).CopyTo(new Span<byte>((byte*)target.Ptr + (long)row * target.Stride, bytes));
    }
}
