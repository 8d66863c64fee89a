using System.Globalization;
using System.Runtime.InteropServices;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Running;
using Hypir.PdnEffect.ViewModel.Texts;
using PaintDotNet;
using PaintDotNet.Effects;
using PaintDotNet.Imaging;
using PaintDotNet.Rendering;

namespace Hypir.PdnEffect;

/// <summary>
/// Effects &gt; Photo &gt; Hypir restoration. The result is computed by the dialog or, when the effect is repeated without one, by setting
/// the token. Rendering only copies.
/// </summary>
[PluginSupportInfo(typeof(SupportInfo))]
public sealed class HypirEffect : BitmapEffect<HypirToken>
{
    private readonly Lock _gate = new();
    private bool _hasDialog;
    private IEffectInputBitmap<ColorBgra32>? _source;
    private RestoredRegion? _result;

    /// <summary>Runs when the editor builds its menu at start-up, so it only names itself.</summary>
    public HypirEffect()
        : base(
            Words.For(CultureInfo.CurrentUICulture)[Phrase.Title],
            Icons.Load("effect", UIScaleFactor.Current.Dpi),
            SubmenuNames.Photo,
            BitmapEffectOptions.Create() with
            {
                IsConfigurable = true,
            }
        )
    { }

    /// <summary>The layer, for the dialog; dispose it.</summary>
    internal PdnLayer OpenLayer() => new(Environment);

    /// <inheritdoc/>
    protected override IEffectConfigForm OnCreateConfigForm()
    {
        _hasDialog = true;
        return new HypirConfigForm();
    }

    /// <inheritdoc/>
    protected override void OnInitializeRenderInfo(IBitmapEffectRenderInfo renderInfo)
    {
        base.OnInitializeRenderInfo(renderInfo);
        renderInfo.OutputPixelFormat = PixelFormats.Bgra32;
    }

    /// <inheritdoc/>
    protected override void OnSetToken(HypirToken? newToken)
    {
        base.OnSetToken(newToken);
        RestoredRegion? held = newToken?.Result;
        // A token without a result belongs to a dialog in which nothing has been computed yet. A result of other pixels belongs to a
        // repeated effect.
        if (held is null || held == _result || _hasDialog)
        {
            _result = held;
            return;
        }
        using PdnLayer layer = OpenLayer();
        _result = newToken!.Result = RepeatRun.Ensure(
            layer, newToken.Settings, held, EngineFinder.Find(), Words.For(CultureInfo.CurrentUICulture), CancellationToken);
    }

    /// <inheritdoc/>
    protected override void OnRender(IBitmapEffectOutput output)
    {
        using IBitmapLock<ColorBgra32> held = output.LockBgra32();
        RegionPtr<ColorBgra32> target = held.AsRegionPtr();
        RectInt32 bounds = output.Bounds;
        Source().CopyPixels(target, new Point2Int32(bounds.X, bounds.Y));
        if (_result is not { } result || Token is not { } token)
            return;
        for (int row = 0; row < bounds.Height && !IsCancelRequested; row++)
            result.Blend(bounds.X, bounds.Y + row, Row(target, row), token.Strength);
    }

    /// <inheritdoc/>
    protected override void OnDispose(bool disposing)
    {
        if (disposing)
            _source?.Dispose();
        base.OnDispose(disposing);
    }

    private static unsafe Span<uint> Row(RegionPtr<ColorBgra32> region, int row) =>
        MemoryMarshal.Cast<byte, uint>(new Span<byte>((byte*)region.Ptr + (long)row * region.Stride, region.Width * sizeof(ColorBgra32)));

    private IEffectInputBitmap<ColorBgra32> Source()
    {
        lock (_gate)
            return _source ??= Environment.GetSourceBitmapBgra32();
    }
}
