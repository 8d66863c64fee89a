using System.Drawing;

namespace PaintDotNet.Effects;

public abstract class BitmapEffect : EffectBase, IBitmapEffect
{
    protected BitmapEffect(string name, string? submenuName, BitmapEffectOptions options)
        : base(name, submenuName, options)
    {
    }

    protected BitmapEffect(string name, Image image, string? submenuName, BitmapEffectOptions options)
        : base(name, submenuName, options) => HostImage = image;

    IBitmapEffectOptions IBitmapEffect.Options => (BitmapEffectOptions)HostOptions;

    IBitmapEffectEnvironment IBitmapEffect.Environment => Environment;

    /// <summary>The menu's picture.</summary>
    internal Image? HostImage { get; }

    protected IBitmapEffectEnvironment Environment => (IBitmapEffectEnvironment)HostEnvironment;

    internal void InitializeRenderInfo(IBitmapEffectRenderInfo renderInfo) => OnInitializeRenderInfo(renderInfo);

    internal void SetToken(EffectConfigToken? newToken) => OnSetToken(newToken);

    internal void Render(IBitmapEffectOutput output) => OnRender(output);

    protected override void OnDispose(bool disposing) => base.OnDispose(disposing);

    protected virtual void OnSetToken(EffectConfigToken? newToken) => Token = newToken;

    protected virtual void OnInitializeRenderInfo(IBitmapEffectRenderInfo renderInfo)
    {
    }

    protected abstract void OnRender(IBitmapEffectOutput output);
}
