using System.Globalization;
using Hypir.Core.Files;
using Hypir.Models.Manifests;

namespace Hypir.Models.Backends;

/// <summary>What a backend computes with, and on which GPUs.</summary>
public enum BackendKind
{
    /// <summary>libtorch with CUDA, for NVIDIA GPUs.</summary>
    Cuda,

    /// <summary>ONNX Runtime with WebGPU and DirectML, for GPUs of any vendor.</summary>
    AnyGpu,
}

/// <summary>Libraries available for computing on a GPU: a build of libtorch, or of ONNX Runtime.</summary>
public sealed record Backend
{
    /// <summary>Its name, which is also the name of its folder.</summary>
    public required string Name { get; init; }

    /// <summary>A one-line description.</summary>
    public required string Title { get; init; }

    /// <summary>Its target runtime, such as <c>win-x64</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>What it computes with.</summary>
    public BackendKind Kind { get; init; }

    /// <summary>Version of libtorch or ONNX Runtime. It must be the one that the program was built for.</summary>
    public required Version LibTorch { get; init; }

    /// <summary>The archive's SHA-512 as package registries publish it, in base64; null if unknown.</summary>
    public string? Sha512 { get; init; }

    /// <summary>The oldest driver that it supports.</summary>
    public required Version LeastDriver { get; init; }

    /// <summary>The oldest GPUs that it supports, as CUDA compute capability.</summary>
    public required Version LeastCapability { get; init; }

    /// <summary>Free bytes required before the download: an upper estimate of archive and unpacked libraries together.</summary>
    public required long Room { get; init; }

    /// <summary>The archive.</summary>
    public required ManifestFile File { get; init; }
}

// The structure of a list of backends, as filled by YamlDotNet.

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

    public string? Onnxruntime { get; set; }

    public string? Integrity { get; set; }

    public string? LeastDriver { get; set; }

    public string? LeastCapability { get; set; }

    public string? Room { get; set; }

    public FileYaml? File { get; set; }
}

/// <summary>Reads the list of available GPU backends and their sources, which people can read, correct and extend.</summary>
public static class BackendList
{
    private const int Format = 1;
    private const string Sha512Prefix = "sha512-";

    private static readonly Version Anything = new(0, 0);

    /// <summary>Combines the program's list with the user's, whose entries override those of the same name.</summary>
    /// <param name="own">The user's list; it may be missing.</param>
    /// <exception cref="StoreException">The list is invalid.</exception>
    public static IReadOnlyList<Backend> Load(string own)
    {
        var builtIn = Parse(YamlList.BuiltIn("backends.yaml"), "backends.yaml");
        try
        {
            if (!System.IO.File.Exists(own))
                return builtIn;
            var added = Parse(System.IO.File.ReadAllText(RegularFile.Require(own)), own);
            // The user's additions are there on purpose, so they come first.
            return [.. added, .. builtIn.Where(backend => added.All(other => other.Name != backend.Name))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{own}: the list of backends cannot be read: {e.Message}", "Check its permissions.", e);
        }
    }

    /// <summary>Parses a list.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="StoreException">The list is invalid.</exception>
    public static IReadOnlyList<Backend> Parse(string yaml, string path)
    {
        var file = YamlList.Parse<BackendsYaml>(yaml, path, "docs/install.md");
        if (file.Format != Format)
            throw new StoreException(
                $"{path}: this list is of format {file.Format}; this program reads format {Format}.", "Begin the file with \"format: 1\".");
        return [.. file.Backends.Select(backend => Read(backend, path))];
    }

    private static Backend Read(BackendYaml backend, string path)
    {
        if (backend.Name is not { } name || !ManifestReader.IsName(name))
            throw Wrong(path, backend, "its name is not lower-case letters, digits, '.', '_' and '-'");
        if (backend is not { Title: { } title, Platform: { } platform, File: { } file })
            throw Wrong(path, backend, "it needs title, platform and file");
        bool any = backend.Onnxruntime is not null;
        Version driver = Anything, capability = Anything;
        if (
            !System.Version.TryParse(backend.Onnxruntime ?? backend.Libtorch, out var version)
            || !any && (!System.Version.TryParse(backend.LeastDriver, out driver!)
                || !System.Version.TryParse(backend.LeastCapability, out capability!))
        )
            throw Wrong(path, backend, "libtorch, onnxruntime, least_driver and least_capability are versions, such as \"2.10.0\"");
        if (backend.Integrity is { } integrity && !integrity.StartsWith(Sha512Prefix, StringComparison.Ordinal))
            throw Wrong(path, backend, $"its integrity does not begin with {Sha512Prefix}");
        if (
            !long.TryParse(
                backend.Room?.Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out long room)
        )
            throw Wrong(path, backend, "its room is not a number of bytes");
        return new Backend
        {
            Name = name,
            Title = title,
            Platform = platform,
            Kind = any ? BackendKind.AnyGpu : BackendKind.Cuda,
            LibTorch = version,
            Sha512 = backend.Integrity?[Sha512Prefix.Length..],
            LeastDriver = driver,
            LeastCapability = capability,
            Room = room,
            File = ManifestReader.ReadFile(
                file, file.Sources, path, $"backend {name}, file {file.Path}", new Sources(new Dictionary<string, string>())),
        };
    }

    private static StoreException Wrong(string path, BackendYaml backend, string what) =>
        new($"{path}: backend {backend.Name}: {what}.", "docs/install.md describes the format.");
}
