using System.Windows.Forms;

namespace PaintDotNet.Effects;

public class EffectConfigForm : PdnBaseForm, IEffectConfigForm
{
    private EffectConfigToken? _token;
    private IEffect? _effect;

    /// <summary>
    /// The first token is made before the constructors of derived classes run (docs/paint-net-effect.md, H11, paintdotnet.md:47-49).
    /// </summary>
    private protected EffectConfigForm(object? beforeCtorContext, bool callBeforeCtor)
    {
        AutoScaleMode = AutoScaleMode.Dpi;
        UseAppThemeColors = UseAppThemeColorsDefault;
        _token = OnCreateInitialToken();
    }

    public event EventHandler? TokenChanged;

    public IServiceProvider Services => Effect.Services;

    public IEffectEnvironment Environment => Effect.Environment;

    public IEffect Effect => _effect ?? throw new InvalidOperationException("The dialog has no effect yet.");

    public EffectConfigToken Token
    {
        get => _token!;
        set => _token = value;
    }

    protected virtual bool UseAppThemeColorsDefault => false;

    protected override bool UseSystemMenuFontInInitializeComponent => base.UseSystemMenuFontInInitializeComponent;

    IEffect IEffectConfigForm.GetEffect() => Effect;

    void IEffectConfigForm.SetEffect(IEffect effect) => _effect = effect;

    protected sealed override void Dispose(bool disposing)
    {
        OnDispose(disposing);
        base.Dispose(disposing);
    }

    protected virtual void OnDispose(bool disposing)
    {
    }

    /// <summary>The documented order (H11, paintdotnet.md:47-49).</summary>
    protected sealed override void OnLoad(EventArgs e)
    {
        OnLoading();
        base.OnLoad(e);
        UpdateDialogFromToken();
        UpdateTokenFromDialog();
        OnLoaded();
    }

    protected virtual void OnLoading()
    {
    }

    protected virtual void OnLoaded()
    {
    }

    protected virtual void OnTokenChanged() => TokenChanged?.Invoke(this, EventArgs.Empty);

    protected virtual EffectConfigToken OnCreateInitialToken() => throw new NotSupportedException("Derived classes make the token.");

    protected void UpdateTokenFromDialog()
    {
        OnUpdateTokenFromDialog(Token);
        OnTokenChanged();
    }

    protected virtual void OnUpdateTokenFromDialog(EffectConfigToken dstToken)
    {
    }

    protected void UpdateDialogFromToken() => OnUpdateDialogFromToken(Token);

    protected virtual void OnUpdateDialogFromToken(EffectConfigToken token)
    {
    }
}
