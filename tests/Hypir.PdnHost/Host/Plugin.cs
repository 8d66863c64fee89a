using PaintDotNet.Effects;

namespace Hypir.PdnHost.Host;

/// <summary>The effect in its folder.</summary>
internal sealed class Plugin
{
    private readonly Type _effect;

    public Plugin(string folder)
    {
        string file = Path.Combine(folder, "Hypir.PdnEffect.dll");
        _effect = new PluginContext(file)
            .LoadFromAssemblyPath(file)
            .GetExportedTypes()
            .Single(type => type.IsAssignableTo(typeof(BitmapEffect)) && !type.IsAbstract);
    }

    /// <summary>What happens for the menu (H1, paintdotnet.md:40-41): the constructor runs, and nothing else.</summary>
    public BitmapEffect Create() => (BitmapEffect)Activator.CreateInstance(_effect)!;

    /// <summary>An effect that is attached to a document.</summary>
    public BitmapEffect Create(IServiceProvider services, IEffectEnvironment environment)
    {
        BitmapEffect effect = Create();
        effect.Attach(services, environment);
        return effect;
    }
}
