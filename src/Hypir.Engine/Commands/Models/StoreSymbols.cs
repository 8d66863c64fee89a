using System.CommandLine;
using Hypir.Models.Manifests;
using Hypir.Models.Store;

namespace Hypir.Engine.Commands.Models;

/// <summary>The options that all commands on models have.</summary>
internal sealed class StoreSymbols
{
    private readonly Option<string?> _store = Options.Text("--store", "FOLDER", "Where models are kept (default: the folder models in HYPIR_HOME or local application data).");
    private readonly Option<string?> _manifest = Options.Text("--manifest", "FILE", "A list (YAML) of further models that can be had.");

    /// <summary>More detail with errors.</summary>
    public Option<bool> Verbose { get; } = Options.Verbose();

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_store, _manifest, Verbose];

    /// <summary>The store.</summary>
    public ModelStore Store(ParseResult line) => new(line.GetValue(_store) ?? ModelHome.Default.Models);

    /// <summary>What can be had.</summary>
    /// <exception cref="Hypir.Models.StoreException">A list is not in order.</exception>
    public Manifest Manifest(ParseResult line)
    {
        var manifest = Hypir.Models.Manifests.Manifest.Load([ModelHome.Default.Manifest], optional: true);
        return line.GetValue(_manifest) is { } more ? ManifestReader.Read(more, manifest) : manifest;
    }
}
