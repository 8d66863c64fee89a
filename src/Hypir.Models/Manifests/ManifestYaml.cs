using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Hypir.Models.Manifests;

// The structure of a manifest file, as filled by YamlDotNet. ManifestReader converts it for the program.

internal sealed class ManifestYaml
{
    public int Format { get; set; }

    public Dictionary<string, string> Hosts { get; set; } = [];

    public Dictionary<string, LicenseYaml> Licences { get; set; } = [];

    public List<EntryYaml> Entries { get; set; } = [];
}

internal sealed class LicenseYaml
{
    public string? Name { get; set; }

    public string? Quote { get; set; }

    public string? QuoteFile { get; set; }

    // Used by lists of earlier versions.
    public string? Summary { get; set; }

    public string? Address { get; set; }
}

internal sealed class EntryYaml
{
    public string? Name { get; set; }

    public string? Kind { get; set; }

    public string? Title { get; set; }

    public string? Licence { get; set; }

    public string? Base { get; set; }

    public bool Gated { get; set; }

    public string? BuiltIn { get; set; }

    public List<SourceYaml> Sources { get; set; } = [];

    public List<FileYaml> Files { get; set; } = [];
}

internal sealed class SourceYaml
{
    public string? Host { get; set; }

    public string? Repository { get; set; }

    public string? Revision { get; set; }

    public string? Url { get; set; }

    public string? Folder { get; set; }
}

internal sealed class FileYaml
{
    public string? Path { get; set; }

    public string? Size { get; set; }

    public string? Sha256 { get; set; }

    public List<SourceYaml> Sources { get; set; } = [];
}

/// <summary>Reads the built-in lists and those written by users.</summary>
internal static partial class YamlList
{
    /// <summary>The text of a built-in list.</summary>
    /// <param name="name">Its name.</param>
    public static string BuiltIn(string name) => Find(name) ?? throw new InvalidOperationException($"{name} is not embedded.");

    /// <summary>The text of a built-in file, or null if there is none of this name.</summary>
    /// <param name="name">Its name.</param>
    public static string? Find(string name)
    {
        using var stream = typeof(YamlList).Assembly.GetManifestResourceStream(name);
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Parses a text; an empty one gives an empty list.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="description">The document that describes the format.</param>
    /// <exception cref="StoreException">It is not YAML of this structure.</exception>
    public static T Parse<T>(string yaml, string path, string description)
        where T : class, new()
    {
        try
        {
            return new DeserializerBuilder()
                .WithNamingConvention(UnderscoredNamingConvention.Instance)
                .WithDuplicateKeyChecking()
                .Build()
                .Deserialize<T?>(yaml)
                ?? new T();
        }
        catch (YamlException e)
        {
            throw new StoreException(
                $"{path}, line {e.Start.Line}: {Plain(e.InnerException?.Message ?? e.Message)}", $"{description} describes the format.", e);
        }
    }

    /// <summary>The parser names our classes, which mean nothing to the file's author.</summary>
    private static string Plain(string message) =>
        UnknownKey().Match(message) is { Success: true } unknown ? $"there is no key \"{unknown.Groups[1].Value}\"." : message;

    [GeneratedRegex("^Property '(.*)' not found on type '.*'")]
    private static partial Regex UnknownKey();
}
