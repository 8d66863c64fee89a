using PaintDotNet.ComponentModel;

namespace PaintDotNet.Effects;

public abstract class EffectBase : RefTrackedObject, IEffect
{
    private readonly EffectOptionsBase _options;
    private IServiceProvider? _services;
    private IEffectEnvironment? _environment;

    private protected EffectBase(string name, string? submenuName, EffectOptionsBase options)
    {
        (Name, SubmenuName, _options) = (name, submenuName, options);
        options.Freeze();
    }

    IEffectOptions IEffect.Options => _options;

    IServiceProvider IEffect.Services => Services;

    IEffectEnvironment IEffect.Environment => HostEnvironment;

    internal string Name { get; }

    internal string? SubmenuName { get; }

    internal EffectOptionsBase HostOptions => _options;

    internal IEffectEnvironment HostEnvironment =>
        _environment ?? throw new InvalidOperationException("The effect is not attached to a document.");

    protected IServiceProvider Services => _services ?? throw new InvalidOperationException("The effect is not attached to a host.");

    protected bool IsCancelRequested => CancellationToken.IsCancellationRequested;

    protected CancellationToken CancellationToken { get; private set; }

    protected EffectConfigToken? Token { get; private protected set; }

    IEffectConfigForm? IEffect.CreateConfigForm()
    {
        IEffectConfigForm? form = OnCreateConfigForm();
        form?.SetEffect(this);
        return form;
    }

    internal void Attach(IServiceProvider services, IEffectEnvironment environment) => (_services, _environment) = (services, environment);

    internal void BeginRendering(CancellationToken cancellation) => CancellationToken = cancellation;

    protected sealed override void Dispose(bool disposing)
    {
        OnDispose(disposing);
        base.Dispose(disposing);
    }

    protected virtual void OnDispose(bool disposing)
    {
    }

    protected virtual IEffectConfigForm? OnCreateConfigForm() => null;
}
