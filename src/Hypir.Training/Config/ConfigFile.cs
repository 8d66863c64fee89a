using System.Text;
using Hypir.Core.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hypir.Training.Config;

/// <summary>
/// Training files, compatible with the reference's <c>sd2_train.yaml</c>: its keys have the same meaning, and its hard-coded values have
/// additional keys. Absent keys keep their defaults. Class names in the file are recognized but never executed.
/// </summary>
public static class ConfigFile
{
    private const string DatasetParams = "data_config.train.dataset.params.";

    /// <summary>Reads the data settings of a file.</summary>
    /// <param name="path">A YAML file.</param>
    /// <exception cref="ConfigException">The file cannot be read or contains invalid values; all problems are reported at once.</exception>
    public static DataSettings Load(string path) => Parse(Contents(path), path);

    /// <summary>Reads all settings of a training run from a file.</summary>
    /// <param name="path">A YAML file.</param>
    /// <exception cref="ConfigException">As for <see cref="Load"/>, or settings required by a run are missing.</exception>
    public static TrainSettings LoadTraining(string path) => ParseTraining(Contents(path), path);

    /// <summary>Reads settings from text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="path">The file's name, for messages.</param>
    /// <exception cref="ConfigException">As for <see cref="Load"/>.</exception>
    public static DataSettings Parse(string yaml, string path) => Parse(TrainKeys.DataFile, yaml, path, new(), CheckTogether);

    /// <summary>Reads settings from text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="path">The file's name, for messages.</param>
    /// <exception cref="ConfigException">As for <see cref="LoadTraining"/>.</exception>
    public static TrainSettings ParseTraining(string yaml, string path) => Parse(TrainKeys.File, yaml, path, new(), (reader, settings) =>
    {
        CheckTogether(reader, settings.Data);
        TrainRules.Check(reader, settings);
    });

    /// <summary>Writes settings with every key, each explained.</summary>
    public static string Text(DataSettings settings) => Text(DataKeys.File, settings);

    /// <summary>Writes settings with every key, each explained.</summary>
    public static string Text(TrainSettings settings) => Text(TrainKeys.File, settings);

    /// <summary>All values as single lines of YAML, by their full keys (joined by dots).</summary>
    public static IReadOnlyDictionary<string, string> Values(TrainSettings settings) =>
        Values(TrainKeys.File, settings, "").ToDictionary(StringComparer.Ordinal);

    private static string Contents(string path)
    {
        try
        {
            return File.ReadAllText(RegularFile.Require(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException(path, [new(0, "", $"the file cannot be read: {failure.Message}")]);
        }
    }

    private static T Parse<T>(ConfigSection<T> section, string yaml, string path, T defaults, Action<ConfigReader<T>, T> check)
        where T : class
    {
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlText.Documents(yaml);
        }
        catch (YamlException failure)
        {
            throw new ConfigException(path, [new(failure.Start.Line, "", $"this is not YAML: {failure.Message}")]);
        }
        if (documents.Count != 1)
            throw new ConfigException(path, [new(1, "", $"{documents.Count} documents of YAML where one is expected")]);
        var reader = new ConfigReader<T>();
        var settings = reader.Read(section, documents[0].RootNode, defaults);
        check(reader, settings);
        return reader.Problems.Count == 0 ? settings : throw new ConfigException(path, reader.Problems);
    }

    private static string Text<T>(ConfigSection<T> section, T settings) where T : class
    {
        var text = new StringBuilder();
        Write(text, section, settings, "");
        return text.ToString();
    }

    private static void Write<T>(StringBuilder text, ConfigSection<T> section, T settings, string indent) where T : class
    {
        foreach (var key in section.Keys)
            text.Append(indent).Append(key.Name).Append(": ").Append(key.Write(settings)).Append("  # ").Append(key.Summary).Append('\n');
        foreach (var child in section.Sections)
        {
            text.Append(indent).Append(child.Name).Append(":\n");
            Write(text, child, settings, indent + "  ");
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Values<T>(ConfigSection<T> section, T settings, string path)
        where T : class =>
        section
            .Keys.Select(key => KeyValuePair.Create(path + key.Name, key.Write(settings) ?? ""))
            .Concat(section.Sections.SelectMany(child => Values(child, settings, $"{path}{child.Name}.")));

    private static void CheckTogether<T>(ConfigReader<T> reader, DataSettings settings) where T : class
    {
        PhotoKeys.Check(reader, settings.Photos);
        foreach (var (blur, suffix) in new[] { (settings.Degradation.Blur1, ""), (settings.Degradation.Blur2, "2") })
        {
            reader.Check(
                blur.Kinds.Count == blur.KindProbabilities.Count, $"{DatasetParams}kernel_prob{suffix}",
                $"has {blur.KindProbabilities.Count} probabilities for {blur.Kinds.Count} kinds",
                $"as many as kernel_list{suffix} has kinds");
            reader.Check(
                blur.Sizes.High <= blur.Side, $"{DatasetParams}kernel_size_range{suffix}", $"goes up to {blur.Sizes.High}",
                $"up to blur_kernel_size{suffix}, {blur.Side}");
        }
    }
}

/// <summary>
/// A configuration file is invalid. Lists every problem with its line, its key, and the allowed values.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="problems">The problems, in the file's order; at least one.</param>
public sealed class ConfigException(string path, IReadOnlyList<ConfigProblem> problems)
    : HypirException(string.Join(Environment.NewLine, problems.Select(problem => $"{path}, {problem}")),
        "Correct the configuration; hypir-train degrade --print-config writes a valid one, with every key explained.")
{
    /// <summary>The problems.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; } = problems;
}

/// <summary>A problem in a configuration.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Key">The full key, joined by dots; "" for the file as a whole.</param>
/// <param name="What">The problem.</param>
/// <param name="Allowed">The allowed values; null if already clear.</param>
public sealed record ConfigProblem(long Line, string Key, string What, string? Allowed = null)
{
    /// <summary>The problem as text.</summary>
    public override string ToString() =>
        $"line {Line}: {(Key.Length > 0 ? Key + " " : "")}{What}{(Allowed is null ? "." : $"; allowed: {Allowed}.")}";
}
