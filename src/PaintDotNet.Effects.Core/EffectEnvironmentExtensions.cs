using PaintDotNet.Imaging;

namespace PaintDotNet.Effects;

public static class EffectEnvironmentExtensions
{
    public static IEffectInputBitmap<ColorBgra32> GetSourceBitmapBgra32(this IEffectEnvironment environment) =>
        (IEffectInputBitmap<ColorBgra32>)environment.Document.Layers[environment.SourceLayerIndex].GetBitmap(PixelFormats.Bgra32);
}
