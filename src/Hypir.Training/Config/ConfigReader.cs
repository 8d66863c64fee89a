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
