using YamlDotNet.RepresentationModel;

namespace Hypir.Training.Config;

/// <summary>One key of a configuration: its meaning, and the way between its YAML and its place in the settings.</summary>
/// <typeparam name="T">The settings, immutable.</typeparam>
/// <param name="Name">The key.</param>
/// <param name="Summary">What it means, in a few words.</param>
/// <param name="Allowed">What is allowed, in words.</param>
/// <param name="Read">The settings with the node's value; null where that is not allowed.</param>
/// <param name="Write">The settings' value as one line of YAML; null where there is none.</param>
internal sealed record ConfigKey<T>(string Name, string Summary, string Allowed, Func<T, YamlNode, T?> Read, Func<T, string?> Write) where T : class
{
    /// <summary>The same key of settings that contain these.</summary>
    public ConfigKey<TOuter> Within<TOuter>(Func<TOuter, T> get, Func<TOuter, T, TOuter> set) where TOuter : class => new(Name, Summary, Allowed,
        (outer, node) => Read(get(outer), node) is { } inner ? set(outer, inner) : null,
        outer => Write(get(outer)));
}

/// <summary>Makes keys.</summary>
internal static class ConfigKey
{
    /// <summary>What the reference's files have where a person is to fill something in.</summary>
    public const string Unset = "TODO";

    /// <summary>A key that stands for one property.</summary>
    public static ConfigKey<T> Of<T, TValue>(string name, string summary, ConfigValue<TValue> kind, Func<T, TValue> get, Func<T, TValue, T> set) where T : class =>
        new(name, summary, kind.Allowed, (settings, node) => kind.Read(node, out var value) ? set(settings, value) : null, settings => kind.Write(get(settings)));

    /// <summary>A key that names a class of the reference: the name is checked, and nothing is ever run because of it.</summary>
    public static ConfigKey<T> Target<T>(string name) where T : class => Of<T, string>("target", "recognised by its name, never executed",
        ConfigValues.Text.Where(value => value == name, name), _ => name, (settings, _) => settings);
}
