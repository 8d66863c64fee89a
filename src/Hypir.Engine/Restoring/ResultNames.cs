using Hypir.Imaging.Formats;

namespace Hypir.Engine.Restoring;

/// <summary>Names results: format, suffix, and what happens if two images would get the same result.</summary>
/// <param name="job">The job.</param>
/// <param name="outputIsFolder">Whether its output is a folder.</param>
internal sealed class ResultNames(RestoreCommandOptions job, bool outputIsFolder)
{
    private const string Beside = ".restored";
    private const string DefaultFormat = ".png";

    /// <summary>How this system compares paths.</summary>
    public static StringComparer Paths { get; } =
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Whether a file has the name of an earlier run's result.</summary>
    public bool IsResult(string file)
    {
        string stem = Path.GetFileNameWithoutExtension(file);
        return stem.EndsWith(Beside, StringComparison.OrdinalIgnoreCase)
            || (job.Suffix is { } suffix && stem.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>An image with the result's name that it gets if no other image gets it too.</summary>
    /// <param name="file">The image.</param>
    /// <param name="name">Its path within the searched folder.</param>
    /// <param name="below">The subfolder of the output for this folder; empty for none.</param>
    public ImageJob First(string file, string name, string below) =>
        new(file, NameOf(file, name, below, Path.GetFileNameWithoutExtension(name)), name) { Below = below };

    /// <summary>The images with their results' final names. What named results of earlier runs are is left out, as in folders.</summary>
    public IReadOnlyList<ImageJob> Resolve(IReadOnlyList<ImageJob> images)
    {
        if (job.Output is not null && !outputIsFolder)
            return Numbered(images);
        // File systems that ignore case exist everywhere.
        var shared = images.GroupBy(image => Path.GetFullPath(image.Output), StringComparer.OrdinalIgnoreCase)
            .Where(group => group.DistinctBy(image => Path.GetFileName(image.Input), StringComparer.OrdinalIgnoreCase).Count() > 1)
            .Select(group => group.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        ImageJob[] named = [.. images.Select(image => shared.Contains(Path.GetFullPath(image.Output))
            ? image with { Output = NameOf(image.Input, image.Name, image.Below, Path.GetFileName(image.Name)) }
            : image)];
        var results = images.Concat(named).Select(image => Path.GetFullPath(image.Output)).ToHashSet(Paths);
        return Numbered([.. named.Where(image => !(IsResult(image.Input) && results.Contains(Path.GetFullPath(image.Input))))]);
    }

    private string NameOf(string file, string name, string below, string stem)
    {
        if (job.Output is null)
            return Path.Combine(Path.GetDirectoryName(file) ?? "", stem + (job.Suffix ?? Beside) + (job.Format ?? DefaultFormat));
        if (!outputIsFolder)
            return job.Output;
        string extension = Path.GetExtension(name);
        bool whole = stem.Length > Path.GetFileNameWithoutExtension(name).Length, gif = IsGif(extension);
        // GIF cannot be written: a.gif becomes a.gif.png.
        string kept = gif ? DefaultFormat : extension, end = job.Format is { } format && !IsSame(kept, format) ? format : kept;
        string result = (gif && job is { Format: null, Suffix: null } && !whole ? stem + extension : stem) + job.Suffix + end;
        return Path.Combine(job.Output, below, Path.GetDirectoryName(name) ?? "", result);
    }

    private ImageJob[] Numbered(IReadOnlyList<ImageJob> images)
    {
        if (job.Existing != ExistingResults.Number)
            return [.. images];
        HashSet<string> taken = new(Paths);
        return [.. images.Select(image => image with { Output = Free(image.Output) })];

        string Free(string path)
        {
            string numbered = path;
            for (int i = 2; Path.Exists(numbered) || !taken.Add(Path.GetFullPath(numbered)); i++)
                numbered = FormattableString.Invariant($"{Path.ChangeExtension(path, null)}-{i}{Path.GetExtension(path)}");
            return numbered;
        }
    }

    private static bool IsGif(string extension) => extension.Equals(".gif", StringComparison.OrdinalIgnoreCase);

    private static bool IsSame(string extension, string format) =>
        ImageFormats.HasImageExtension("x" + extension)
        && ImageFormats.ForWriting("x" + extension) == ImageFormats.ForWriting("x" + format);
}
