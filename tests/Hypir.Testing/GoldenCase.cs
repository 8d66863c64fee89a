using System.Text.Json;
using Hypir.Networks.Checkpoints;
using TorchSharp;

namespace Hypir.Testing;

/// <summary>
/// One golden <c>.safetensors</c> file: tensors <c>in.*</c>, <c>out.*</c>, <c>step.*</c> … by name, and sizes, options, texts and seeds as
/// the JSON that its metadata has under <c>case</c>.
/// </summary>
public sealed class GoldenCase : IDisposable
{
    private readonly SafetensorsFile _file;
    private readonly JsonDocument _case;

    /// <summary>Opens a file.</summary>
    public GoldenCase(string path)
    {
        _file = SafetensorsFile.Open(path);
        _case = JsonDocument.Parse(_file.Metadata.GetValueOrDefault("case", "{}"));
    }

    /// <summary>The file's name without folder and extension, for messages.</summary>
    public string Name => Path.GetFileNameWithoutExtension(_file.Path);

    /// <summary>The metadata under <c>case</c>; an empty object where the file has none. Valid until the case is disposed.</summary>
    public JsonElement Case => _case.RootElement;

    /// <summary>The file itself, as a source of tensors.</summary>
    public ITensorSource Source => _file;

    /// <summary>The names of the tensors that begin with a prefix, in ordinal order.</summary>
    public IReadOnlyList<string> Names(string prefix = "") =>
        [.. _file.Tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Has(string name) => _file.Tensors.ContainsKey(name);

    /// <summary>The tensor of this name. The caller (or its dispose scope) owns it; it may be mapped memory: never write to it.</summary>
    public torch.Tensor this[string name] =>
        Has(name)
            ? _file.Read(name)
            : throw new AssertFailedException($"{_file.Path} has no tensor {name}; it has {string.Join(", ", Names())}.");

    /// <inheritdoc/>
    public void Dispose()
    {
        _case.Dispose();
        _file.Dispose();
    }
}
