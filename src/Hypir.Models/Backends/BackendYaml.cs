using Hypir.Models.Manifests;

namespace Hypir.Models.Backends;

// The shape of a list of backends, as YamlDotNet fills it.

internal sealed class BackendsYaml
{
    public int Format { get; set; }

    public List<BackendYaml> Backends { get; set; } = [];
}

internal sealed class BackendYaml
{
    public string? Name { get; set; }

    public string? Title { get; set; }

    public string? Platform { get; set; }

    public string? Libtorch { get; set; }

    public string? LeastDriver { get; set; }

    public string? LeastCapability { get; set; }

    public string? Room { get; set; }

    public FileYaml? File { get; set; }
}
