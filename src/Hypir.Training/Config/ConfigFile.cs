using System.Text;
using Hypir.Core.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hypir.Training.Config;

/// <summary>
/// Training files: the reference's <c>sd2_train.yaml</c> is one as it stands, its keys mean here what they mean there, and what it
/// hard-codes has keys of its own. Keys that are absent keep their defaults. Classes named in the file are recognised, never executed.
/// </summary>
public static class ConfigFile
{
    private const string DatasetParams = "data_config.train.dataset.params.";

    /// <summary>Reads what a file says about data.</summary>
    /// <param name="path">A YAML file.</param>
    /// <exception cref="ConfigException">The file cannot be read, or says something that is not allowed; all problems are told at
    /// once.</exception>
    public static DataSettings Load(string path) => Parse(Contents(path), path);

    /// <summary>Reads all that a file says about a training run.</summary>
    /// <param name="path">A YAML file.</param>
    /// <exception cref="ConfigException">As for <see cref="Load"/>; and what only a run needs is missing.</exception>
    public static TrainSettings LoadTraining(string path) => ParseTraining(Contents(path), path);

    /// <summary>Reads a text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="path">The file's name, for messages.</param>
    /// <exception cref="ConfigException">As for <see cref="Load"/>.</exception>
    public static DataSettings Parse(string yaml, string path) => Parse(TrainKeys.DataFile, yaml, path, new(), CheckTogether);

    /// <summary>Reads a text.</summary>
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

    /// <summary>Every value as one line of YAML, by its key with all above it, joined by dots.</summary>
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
/// A configuration file does not say what it must: every problem found in it, each with its line, its key and what is allowed.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="problems">What is wrong, in the file's order; at least one.</param>
public sealed class ConfigException(string path, IReadOnlyList<ConfigProblem> problems)
    : HypirException(string.Join(Environment.NewLine, problems.Select(problem => $"{path}, {problem}")),
        "Correct the configuration; hypir-train degrade --print-config writes one that is right, with every key explained.")
{
    /// <summary>What is wrong.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; } = problems;
}

/// <summary>One thing that is wrong in a configuration.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Key">The key with all above it, joined by dots; "" for the file as a whole.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Allowed">What would be right; null where that is said already.</param>
public sealed record ConfigProblem(long Line, string Key, string What, string? Allowed = null)
{
    /// <summary>As people read it.</summary>
    public override string ToString() =>
        $"line {Line}: {(Key.Length > 0 ? Key + " " : "")}{What}{(Allowed is null ? "." : $"; allowed: {Allowed}.")}";
}
