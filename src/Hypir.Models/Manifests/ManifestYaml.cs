namespace Hypir.Models.Manifests;

// The shape of a manifest file, as YamlDotNet fills it. ManifestReader turns it into what the program works with.

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

    // What lists of earlier versions have.
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
