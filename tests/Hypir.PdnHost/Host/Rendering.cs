using PaintDotNet.Effects;
using PaintDotNet.Imaging;
using PaintDotNet.Rendering;

namespace Hypir.PdnHost.Host;

/// <summary>
/// Renders an effect (H3, paintdotnet.md:42-43; H4, :43): OnInitializeRenderInfo, OnSetToken on a worker thread, then OnRender for tiles on
/// several threads.
/// </summary>
internal static class Rendering
{
    private const int Tile = 100;
    private const int Threads = 3;
    private const uint Rubbish = 0xCDCDCDCD;

    public static Task<RasterImage> RunAsync(
        Ledger ledger, BitmapEffect effect, RasterImage image, EffectConfigToken token, CancellationToken cancellation) =>
        Task.Run(
            () =>
            {
                var info = new HostRenderInfo();
                effect.InitializeRenderInfo(info);
                effect.BeginRendering(cancellation);
                effect.SetToken(token);
                cancellation.ThrowIfCancellationRequested();

                ColorBgra32[] canvas = GC.AllocateArray<ColorBgra32>(image.Pixels.Length, pinned: true);
                Array.Fill(canvas, new ColorBgra32(Rubbish));
                RectInt32 bounds = image.Bounds;
                var tiles =
                    from y in Enumerable.Range(0, (bounds.Height + Tile - 1) / Tile)
                    from x in Enumerable.Range(0, (bounds.Width + Tile - 1) / Tile)
                    select new RectInt32(
                        bounds.X + x * Tile, bounds.Y + y * Tile, Math.Min(Tile, bounds.Width - x * Tile),
                        Math.Min(Tile, bounds.Height - y * Tile));
                Parallel.ForEach(tiles, new ParallelOptions { MaxDegreeOfParallelism = Threads, CancellationToken = cancellation }, tile =>
                    effect.Render(new HostOutput(ledger, canvas, image.Width, tile))
                );
                return image.With(canvas);
            },
            cancellation
        );
}
