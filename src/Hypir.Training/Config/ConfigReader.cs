using YamlDotNet.RepresentationModel;

namespace Hypir.Training.Config;

/// <summary>Reads settings from YAML with a table of keys, and collects all problems.</summary>
internal sealed class ConfigReader<T> where T : class
{
    // Messages must fit on a screen, no matter what the file contains.
    private const int LongestShown = 200;

    private readonly List<ConfigProblem> _problems = [];
    private readonly Dictionary<string, long> _lines = [];

    /// <summary>The problems so far, in the file's order.</summary>
    public IReadOnlyList<ConfigProblem> Problems => [.. _problems.OrderBy(problem => problem.Line)];

    /// <summary>Reads a mapping.</summary>
    /// <param name="section">The table of its keys.</param>
    /// <param name="node">The mapping.</param>
    /// <param name="settings">The settings so far.</param>
    /// <param name="path">The keys above it, with a dot at the end; "" for the file.</param>
    /// <returns>The settings with all valid values applied.</returns>
    public T Read(ConfigSection<T> section, YamlNode node, T settings, string path = "")
    {
        if (node is not YamlMappingNode mapping)
        {
            Add(node, path.TrimEnd('.'), "is not a mapping", $"keys with values: {string.Join(", ", section.Names)}");
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

    /// <summary>Reports a problem in the combination of several values.</summary>
    /// <param name="holds">Whether the condition holds.</param>
    /// <param name="path">The key to report; if the file lacks it, its first line is reported.</param>
    /// <param name="what">The problem.</param>
    /// <param name="allowed">The allowed values.</param>
    public void Check(bool holds, string path, string what, string allowed)
    {
        // Report an invalid value only once: complaining about its default would be confusing.
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

/// <summary>One key of a configuration: its meaning, and the conversion between YAML and settings.</summary>
/// <typeparam name="T">The settings, immutable.</typeparam>
/// <param name="Name">The key.</param>
/// <param name="Summary">A short description.</param>
/// <param name="Allowed">The allowed values, as text.</param>
/// <param name="Read">Returns the settings with the node's value; null if it is invalid.</param>
/// <param name="Write">Returns the settings' value as one line of YAML; null if there is none.</param>
internal sealed record ConfigKey<T>(string Name, string Summary, string Allowed, Func<T, YamlNode, T?> Read, Func<T, string?> Write)
    where T : class
{
    /// <summary>The same key, for settings that contain these.</summary>
    public ConfigKey<TOuter> Within<TOuter>(Func<TOuter, T> get, Func<TOuter, T, TOuter> set)
        where TOuter : class =>
        new(
            Name, Summary, Allowed, (outer, node) => Read(get(outer), node) is { } inner ? set(outer, inner) : null,
            outer => Write(get(outer)));
}

/// <summary>Creates keys.</summary>
internal static class ConfigKey
{
    /// <summary>The placeholder in the reference's files for values to fill in.</summary>
    public const string Unset = "TODO";

    /// <summary>A key for one property.</summary>
    public static ConfigKey<T> Of<T, TValue>(
        string name, string summary, ConfigValue<TValue> kind, Func<T, TValue> get, Func<T, TValue, T> set)
        where T : class =>
        new(
            name, summary, kind.Allowed, (settings, node) => kind.Read(node, out var value) ? set(settings, value) : null,
            settings => kind.Write(get(settings)));

    /// <summary>A key that names a class of the reference. The name is checked but never executed.</summary>
    public static ConfigKey<T> Target<T>(string name) where T : class => Of<T, string>("target", "recognized by its name, never executed",
        ConfigValues.Text.Where(value => value == name, name), _ => name, (settings, _) => settings);
}

/// <summary>A mapping in a configuration: its keys and the mappings below it.</summary>
/// <param name="Name">The key of the mapping; "" for the whole file.</param>
/// <param name="Keys">Its keys.</param>
/// <param name="Sections">The mappings below it.</param>
/// <param name="Others">Known keys that are ignored here: they are for other commands or only for the reference's code.</param>
internal sealed record ConfigSection<T>(
    string Name, IReadOnlyList<ConfigKey<T>> Keys, IReadOnlyList<ConfigSection<T>> Sections, IReadOnlyList<string> Others)
    where T : class
{
    /// <summary>All valid names, in order.</summary>
    public IEnumerable<string> Names => Keys.Select(key => key.Name).Concat(Sections.Select(section => section.Name)).Concat(Others);

    /// <summary>The same mapping, for settings that contain these.</summary>
    public ConfigSection<TOuter> Within<TOuter>(Func<TOuter, T> get, Func<TOuter, T, TOuter> set) where TOuter : class =>
        new(Name, [.. Keys.Select(key => key.Within(get, set))], [.. Sections.Select(section => section.Within(get, set))], Others);
}

/// <summary>Reads and writes values of one kind from and to YAML nodes.</summary>
/// <param name="Allowed">The allowed values, as text.</param>
/// <param name="Read">Reads the value; returns false if the node has no valid one.</param>
/// <param name="Write">The value as one line of YAML.</param>
internal sealed record ConfigValue<T>(string Allowed, ConfigValue<T>.Reader Read, Func<T, string> Write)
{
    /// <summary>Reads a node.</summary>
    public delegate bool Reader(YamlNode node, out T value);

    /// <summary>The same kind of value with a further condition.</summary>
    public ConfigValue<T> Where(Func<T, bool> condition, string allowed) =>
        new(allowed, (YamlNode node, out T value) => Read(node, out value) && condition(value), Write);
}
