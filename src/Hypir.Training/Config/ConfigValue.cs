using YamlDotNet.RepresentationModel;

namespace Hypir.Training.Config;

/// <summary>How values of one kind are read from a node of YAML, and written.</summary>
/// <param name="Allowed">What is allowed, in words.</param>
/// <param name="Read">Gives the value; false where the node holds none that is allowed.</param>
/// <param name="Write">The value as one line of YAML.</param>
internal sealed record ConfigValue<T>(string Allowed, ConfigValue<T>.Reader Read, Func<T, string> Write)
{
    /// <summary>Reads a node.</summary>
    public delegate bool Reader(YamlNode node, out T value);

    /// <summary>The same kind of value with a further condition.</summary>
    public ConfigValue<T> Where(Func<T, bool> condition, string allowed) =>
        new(allowed, (YamlNode node, out T value) => Read(node, out value) && condition(value), Write);
}
