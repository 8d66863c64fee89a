using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hypir.TrainTool.Config;

/// <summary>
/// Training files: the reference's <c>sd2_train.yaml</c> is one as it stands, its keys mean here what they mean there, and what it hard-codes has keys of its
/// own. Keys that are absent keep their defaults. Classes named in the file are recognised, never executed.
/// </summary>
public static class ConfigFile
{
    private const string DatasetParams = "data_config.train.dataset.params.";

    /// <summary>Reads a file.</summary>
    /// <param name="path">A YAML file.</param>
    /// <exception cref="ConfigException">The file cannot be read, or says something that is not allowed; all problems are told at once.</exception>
    public static DataSettings Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException(path, [new(0, "", $"the file cannot be read: {failure.Message}")]);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="path">The file's name, for messages.</param>
    /// <exception cref="ConfigException">As for <see cref="Load"/>.</exception>
    public static DataSettings Parse(string yaml, string path)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException failure)
        {
            throw new ConfigException(path, [new(failure.Start.Line, "", $"this is not YAML: {failure.Message}")]);
        }
        if (stream.Documents.Count != 1)
            throw new ConfigException(path, [new(1, "", $"{stream.Documents.Count} documents of YAML where one is expected")]);
        var reader = new ConfigReader<DataSettings>();
        var settings = reader.Read(DataKeys.File, stream.Documents[0].RootNode, new());
        CheckTogether(reader, settings);
        return reader.Problems.Count == 0 ? settings : throw new ConfigException(path, reader.Problems);
    }

    /// <summary>Writes settings with every key, each explained.</summary>
    public static string Text(DataSettings settings)
    {
        var text = new StringBuilder();
        Write(text, DataKeys.File, settings, "");
        return text.ToString();
    }

    private static void Write(StringBuilder text, ConfigSection<DataSettings> section, DataSettings settings, string indent)
    {
        foreach (var key in section.Keys)
            text.Append(indent).Append(key.Name).Append(": ").Append(key.Write(settings)).Append("  # ").Append(key.Summary).Append('\n');
        foreach (var child in section.Sections)
        {
            text.Append(indent).Append(child.Name).Append(":\n");
            Write(text, child, settings, indent + "  ");
        }
    }

    private static void CheckTogether(ConfigReader<DataSettings> reader, DataSettings settings)
    {
        foreach (var (blur, suffix) in new[] { (settings.Degradation.Blur1, ""), (settings.Degradation.Blur2, "2") })
        {
            reader.Check(blur.Kinds.Count == blur.KindProbabilities.Count, $"{DatasetParams}kernel_prob{suffix}",
                $"has {blur.KindProbabilities.Count} probabilities for {blur.Kinds.Count} kinds", $"as many as kernel_list{suffix} has kinds");
            reader.Check(blur.Sizes.High <= blur.Side, $"{DatasetParams}kernel_size_range{suffix}", $"goes up to {blur.Sizes.High}",
                $"up to blur_kernel_size{suffix}, {blur.Side}");
        }
    }
}
