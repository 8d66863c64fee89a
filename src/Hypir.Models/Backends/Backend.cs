using Hypir.Models.Manifests;

namespace Hypir.Models.Backends;

/// <summary>A build of libtorch that can be had for computing on a GPU.</summary>
public sealed record Backend
{
    /// <summary>Its name, which is also its folder's.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in one line.</summary>
    public required string Title { get; init; }

    /// <summary>The runtime that it is for, such as <c>win-x64</c>.</summary>
    public required string Platform { get; init; }

    /// <summary>libtorch's version. Only the one that the program was built for can be used.</summary>
    public required Version LibTorch { get; init; }

    /// <summary>The oldest driver that it runs on.</summary>
    public required Version LeastDriver { get; init; }

    /// <summary>The oldest cards that it computes on, as CUDA's compute capability.</summary>
    public required Version LeastCapability { get; init; }

    /// <summary>Bytes that are asked for before the download: an upper estimate of archive and unpacked libraries together.</summary>
    public required long Room { get; init; }

    /// <summary>The archive.</summary>
    public required ManifestFile File { get; init; }
}
