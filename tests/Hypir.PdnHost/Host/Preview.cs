using PaintDotNet.Effects;

namespace Hypir.PdnHost.Host;

/// <summary>
/// The canvas behind the dialog: each token is rendered, the rendering before it is cancelled first (H3, paintdotnet.md:42-43; H4, :43).
/// </summary>
internal sealed class Preview(Ledger ledger, BitmapEffect effect, RasterImage image) : IDisposable
{
    private readonly RasterImage _image = image;
    private CancellationTokenSource? _cancellation;
    private Task _last = Task.CompletedTask;

    /// <summary>What the canvas shows; the document itself until something was rendered.</summary>
    public RasterImage Shown { get; private set; } = image;

    /// <summary>Whether nothing is being rendered.</summary>
    public bool IsIdle => _last.IsCompleted;

    /// <summary>What rendering threw last; the editor shows it as a plug-in's error.</summary>
    public Exception? Error { get; private set; }

    /// <summary>How often the token was set.</summary>
    public int Renderings { get; private set; }

    public void Show(EffectConfigToken token)
    {
        _cancellation?.Cancel();
        _cancellation?.Dispose();
        var cancellation = _cancellation = new CancellationTokenSource();
        Renderings++;
        _last = RenderAsync(_last, (EffectConfigToken)token.Clone(), cancellation.Token);
    }

    /// <summary>Ends the rendering that is under way.</summary>
    public void Dispose()
    {
        _cancellation?.Cancel();
        _last.GetAwaiter().GetResult();
        _cancellation?.Dispose();
        _cancellation = null;
    }

    private async Task RenderAsync(Task before, EffectConfigToken token, CancellationToken cancellation)
    {
        await before.ConfigureAwait(false);
        try
        {
            Shown = await Rendering.RunAsync(ledger, effect, _image, token, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The next token is there.
        }
        catch (Exception failure)
        {
            Error = failure;
        }
    }
}
