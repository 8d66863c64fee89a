namespace Hypir.Core.Files;

/// <summary>The files that a command reads, and must therefore not write. They are compared as files, not as paths.</summary>
public sealed class InputFiles
{
    private readonly Dictionary<FileIdentity, string> _files = [];

    /// <summary>Takes down which files are read.</summary>
    /// <param name="paths">The files. Those that do not exist are told by whoever reads them.</param>
    public InputFiles(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        foreach (string path in paths)
            _files.TryAdd(FileIdentity.Of(path), path);
    }

    /// <summary>The input that a target is, as it was named; null where it is none.</summary>
    /// <param name="target">Where something is to be written.</param>
    public string? Find(string target) => _files.GetValueOrDefault(FileIdentity.Of(target));

    /// <summary>Checks that a target is no input.</summary>
    /// <param name="target">Where something is to be written.</param>
    /// <exception cref="UsageException">It is one.</exception>
    public void Protect(string target)
    {
        if (Find(target) is { } input)
        {
            throw new UsageException(input == target ? $"{target} is an input and would be overwritten." : $"{target} is the same file as the input {input}, which would be overwritten.",
                "Inputs are never overwritten: choose another output.");
        }
    }
}
