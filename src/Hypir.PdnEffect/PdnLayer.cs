using Hypir.PdnEffect.ViewModel;
using PaintDotNet;
using PaintDotNet.Effects;
using PaintDotNet.Imaging;
using PaintDotNet.Rendering;

namespace Hypir.PdnEffect;

/// <summary>The layer that the effect is applied to. Pixels are read from the editor's bitmap on demand, without a copy.</summary>
internal sealed class PdnLayer : ILayerPixels, IDisposable
{
    private readonly Lock _gate = new();
    private readonly IImagingFactory _factory;
    private readonly IEffectInputBitmap<ColorBgra32> _source;
    private readonly IEffectInputBitmap<ColorAlpha8> _mask;
    private readonly IColorContext _srgb;
    private readonly IColorContext _document;
    private readonly IBitmapSource<ColorBgra32>? _converted;

    public PdnLayer(IBitmapEffectEnvironment environment)
    {
        _factory = environment.ImagingFactory;
        _source = environment.GetSourceBitmapBgra32();
        _mask = environment.Selection.MaskBitmap;
        _srgb = _factory.CreateColorContext(ExifColorSpace.Srgb);
        _document = environment.Document.ColorContext;
        RectInt32 selection = environment.Selection.RenderBounds;
        Bounds = new(0, 0, _source.Size.Width, _source.Size.Height);
        Selection = new Region(selection.X, selection.Y, selection.Width, selection.Height).Intersect(Bounds);
        if (!_document.Equals(_srgb))
            _converted = _source.CreateColorTransformer<ColorBgra32>(_document, _srgb);
        ColorSpace = _converted is null ? "sRGB" : System.Convert.ToHexString(_document.GetProfileBytes().Span);
    }

    public Region Bounds { get; }

    public Region Selection { get; }

    public string ColorSpace { get; }

    public void Read(int x, int y, int width, Span<byte> rows) => Copy(_source, x, y, width, rows);

    public void ReadSrgb(int x, int y, int width, Span<byte> rows) => Copy(_converted ?? _source, x, y, width, rows);

    public void FromSrgb(int width, Span<byte> rows) => Convert(width, rows, _srgb, _document);

    public void ToSrgb(int width, Span<byte> rows) => Convert(width, rows, _document, _srgb);

    public unsafe void ReadMask(int x, int y, int width, Span<byte> rows)
    {
        lock (_gate)
        {
            fixed (byte* start = rows)
                _mask.CopyPixels(new RegionPtr<ColorAlpha8>((ColorAlpha8*)start, width, rows.Length / width, width), new Point2Int32(x, y));
        }
    }

    public void Dispose()
    {
        _converted?.Dispose();
        _srgb.Dispose();
        _mask.Dispose();
        _source.Dispose();
    }

    private void Convert(int width, Span<byte> rows, IColorContext from, IColorContext to)
    {
        if (_converted is null)
            return;
        using IBitmap<ColorBgra32> strip = _factory.CreateBitmap<ColorBgra32>(width, rows.Length / (width * 4));
        using (IBitmapLock<ColorBgra32> held = strip.Lock(BitmapLockOptions.Write))
            Fill(held.AsRegionPtr(), rows);
        using IBitmapSource<ColorBgra32> other = strip.CreateColorTransformer<ColorBgra32>(from, to);
        Copy(other, 0, 0, width, rows);
    }

    private unsafe void Copy(IBitmapSource<ColorBgra32> from, int x, int y, int width, Span<byte> rows)
    {
        int stride = width * sizeof(ColorBgra32);
        // The view may draw while a run reads.
        lock (_gate)
        {
            fixed (byte* start = rows)
                from.CopyPixels(
                    new RegionPtr<ColorBgra32>((ColorBgra32*)start, width, rows.Length / stride, stride), new Point2Int32(x, y));
        }
    }

    private static unsafe void Fill(RegionPtr<ColorBgra32> target, ReadOnlySpan<byte> rows)
    {
        int bytes = target.Width * sizeof(ColorBgra32);
        for (int row = 0; row < target.Height; row++)
            rows.Slice(row * bytes, bytes).CopyTo(new Span<byte>((byte*)target.Ptr + (long)row * target.Stride, bytes));
    }
}
