using System.Windows.Forms;
using PaintDotNet.Effects;

namespace Hypir.PdnHost.Host;

/// <summary>The editor: it runs the effect with its dialog, and repeats it.</summary>
internal sealed class Editor(Plugin plugin)
{
    public Ledger Ledger { get; } = new();

    public HostServices Services { get; } = new();

    /// <summary>The token of the last dialog that was accepted; the next one begins with it (H5, paintdotnet.md:50-51).</summary>
    public EffectConfigToken? LastToken { get; set; }

    /// <summary>Opens the dialog.</summary>
    /// <param name="image">The document.</param>
    /// <param name="script">What a person does, on the dialog's thread.</param>
    /// <param name="apart">Whether the canvas is rendered by another effect than the dialog's: it is not documented which.</param>
    /// <param name="owner">The editor's window, or null where none is looked at.</param>
    public DialogOutcome ShowDialog(RasterImage image, Func<DialogSession, Task> script, bool apart = false, Form? owner = null)
    {
        var environment = new HostEnvironment(Ledger, image);
        using BitmapEffect effect = plugin.Create(Services, environment), other = plugin.Create(Services, environment);
        var form = (EffectConfigForm)((IEffect)effect).CreateConfigForm()!;
        if (LastToken is not null)
            form.Token = (EffectConfigToken)LastToken.Clone();
        using var session = new DialogSession(form, new Preview(Ledger, apart ? other : effect, image));
        DialogResult result = session.Run(script, owner);
        EffectConfigToken token = (EffectConfigToken)form.Token.Clone();
        session.Close();
        if (result != DialogResult.OK)
            return new(result, image, session.Failure, session.Undisposed);
        LastToken = token;
        return new(result, Apply(image, token, CancellationToken.None).GetAwaiter().GetResult(), session.Failure, session.Undisposed);
    }

    /// <summary>Repeats the effect (Ctrl+F) on a document: no dialog, the last token, new pixels (H9, paintdotnet.md:52).</summary>
    public Task<RasterImage> RepeatAsync(RasterImage image, CancellationToken cancellation) =>
        Apply(image, (EffectConfigToken)LastToken!.Clone(), cancellation);

    private async Task<RasterImage> Apply(RasterImage image, EffectConfigToken token, CancellationToken cancellation)
    {
        using BitmapEffect effect = plugin.Create(Services, new HostEnvironment(Ledger, image));
        return await Rendering.RunAsync(Ledger, effect, image, token, cancellation).ConfigureAwait(false);
    }
}
