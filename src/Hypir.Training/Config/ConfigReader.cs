using YamlDotNet.RepresentationModel;

namespace Hypir.Training.Config;

/// <summary>Reads settings from YAML by a table of its keys, and remembers every problem on the way.</summary>
internal sealed class ConfigReader<T> where T : class
{
    // A message must fit a screen whatever the file holds.
    private const int LongestShown = 200;

    private readonly List<ConfigProblem> _problems = [];
    private readonly Dictionary<string, long> _lines = [];

    /// <summary>What was wrong so far, in the file's order.</summary>
    public IReadOnlyList<ConfigProblem> Problems => [.. _problems.OrderBy(problem => problem.Line)];

    /// <summary>Reads a mapping.</summary>
    /// <param name="section">Its table.</param>
    /// <param name="node">The mapping.</param>
    /// <param name="settings">The settings so far.</param>
    /// <param name="path">The keys above it, with a dot at the end; "" for the file.</param>
    /// <returns>The settings with all values that were right.</returns>
    public T Read(ConfigSection<T> section, YamlNode node, T settings, string path = "")
    {
        if (node is not YamlMappingNode mapping)
        {
            Add(node, path.TrimEnd('.'), "is no mapping", $"keys with values: {string.Join(", ", section.Names)}");
            return settings;
        }
        foreach (var (keyNode, value) in mapping)
        {
            string name = (keyNode as YamlScalarNode)?.Value ?? "";
            if (section.Sections.FirstOrDefault(child => child.Name == name) is { } child)
                settings = Read(child, value, settings, $"{path}{name}.");
            else if (section.Keys.FirstOrDefault(key => key.Name == name) is { } key)
                settings = Read(key, value, settings, path + name);
            else if (!section.Others.Contains(name))
                Add(keyNode, path + name, "is not a known key", string.Join(", ", section.Names));
        }
        return settings;
    }

    /// <summary>Tells of a problem that shows only when several values are seen together.</summary>
    /// <param name="holds">Whether all is well.</param>
    /// <param name="path">The key to blame; where the file lacks it, its first line.</param>
    /// <param name="what">What is wrong.</param>
    /// <param name="allowed">What would be right.</param>
    public void Check(bool holds, string path, string what, string allowed)
    {
        // A value that was refused is told of once; its default would only confuse.
        if (!holds && _problems.All(problem => problem.Key != path))
            _problems.Add(new(_lines.GetValueOrDefault(path, 1), path, what, allowed));
    }

    private T Read(ConfigKey<T> key, YamlNode value, T settings, string path)
    {
        _lines[path] = value.Start.Line;
        if (key.Read(settings, value) is { } changed)
            return changed;
        string shown = Shown(value);
        Add(value, path, $"is {(shown.Length <= LongestShown ? shown : shown[..LongestShown] + "…")}", key.Allowed);
        return settings;
    }

    private void Add(YamlNode node, string path, string what, string allowed) => _problems.Add(new(node.Start.Line, path, what, allowed));

    private static string Shown(YamlNode node) => node switch
    {
        YamlScalarNode { Value: "" or "~" or "null" or null } => "without a value",
        YamlScalarNode scalar => scalar.Value!,
        YamlSequenceNode sequence => $"[{string.Join(", ", sequence.Select(Shown))}]",
        _ => "a mapping",
    };
}

/// <summary>One key of a configuration: its meaning, and the way between its YAML and its place in the settings.</summary>
/// <typeparam name="T">The settings, immutable.</typeparam>
/// <param name="Name">The key.</param>
/// <param name="Summary">What it means, in a few words.</param>
/// <param name="Allowed">What is allowed, in words.</param>
/// <param name="Read">The settings with the node's value; null where that is not allowed.</param>
/// <param name="Write">The settings' value as one line of YAML; null where there is none.</param>
internal sealed record ConfigKey<T>(string Name, string Summary, string Allowed, Func<T, YamlNode, T?> Read, Func<T, string?> Write)
    where T : class
{
    /// <summary>The same key of settings that contain these.</summary>
    public ConfigKey<TOuter> Within<TOuter>(Func<TOuter, T> get, Func<TOuter, T, TOuter> set)
        where TOuter : class =>
        new(
            Name, Summary, Allowed, (outer, node) => Read(get(outer), node) is { } inner ? set(outer, inner) : null,
            outer => Write(get(outer)));
}

/// <summary>Makes keys.</summary>
internal static class ConfigKey
{
    /// <summary>What the reference's files have where a person is to fill something in.</summary>
    public const string Unset = "TODO";

    /// <summary>A key that stands for one property.</summary>
    public static ConfigKey<T> Of<T, TValue>(
        string name, string summary, ConfigValue<TValue> kind, Func<T, TValue> get, Func<T, TValue, T> set)
        where T : class =>
        new(
            name, summary, kind.Allowed, (settings, node) => kind.Read(node, out var value) ? set(settings, value) : null,
            settings => kind.Write(get(settings)));

    /// <summary>A key that names a class of the reference: the name is checked, and nothing is ever run because of it.</summary>
    public static ConfigKey<T> Target<T>(string name) where T : class => Of<T, string>("target", "recognised by its name, never executed",
        ConfigValues.Text.Where(value => value == name, name), _ => name, (settings, _) => settings);
}

/// <summary>A mapping of a configuration: its keys, and the mappings below it.</summary>
/// <param name="Name">The key that holds it; "" for the whole file.</param>
/// <param name="Keys">Its keys.</param>
/// <param name="Sections">The mappings below it.</param>
/// <param name="Others">Keys that are known and not read here: they matter to other commands, or mean something to the reference's code alone.</param>
internal sealed record ConfigSection<T>(
    string Name, IReadOnlyList<ConfigKey<T>> Keys, IReadOnlyList<ConfigSection<T>> Sections, IReadOnlyList<string> Others)
    where T : class
{
    /// <summary>All names that may stand here, in order.</summary>
    public IEnumerable<string> Names => Keys.Select(key => key.Name).Concat(Sections.Select(section => section.Name)).Concat(Others);

    /// <summary>The same mapping of settings that contain these.</summary>
    public ConfigSection<TOuter> Within<TOuter>(Func<TOuter, T> get, Func<TOuter, T, TOuter> set) where TOuter : class =>
        new(Name, [.. Keys.Select(key => key.Within(get, set))], [.. Sections.Select(section => section.Within(get, set))], Others);
}

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
