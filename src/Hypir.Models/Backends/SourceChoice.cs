using Hypir.Models.Manifests;

namespace Hypir.Models.Backends;

/// <summary>Puts what a person names before the sources of a list.</summary>
internal static class SourceChoice
{
    /// <summary>The sources of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="from">The file itself, the folder that it lies in, or an address of that folder; or null.</param>
    /// <exception cref="StoreException">It is none of these.</exception>
    public static IReadOnlyList<Uri> With(ManifestFile file, string? from)
    {
        if (from is null)
            return file.Sources;
        if (Sources.IsAddress(from))
            return [new Uri($"{from.TrimEnd('/')}/{Uri.EscapeDataString(file.Path)}"), .. file.Sources];
        string place = Path.GetFullPath(from);
        string path = File.Exists(place) ? place : Path.Combine(place, file.Path);
        // A person who names a place wants it from there: nothing is downloaded behind their back.
        return File.Exists(path) ? [new Uri(path)] : throw new StoreException($"{file.Path} is not in {place}.", "Name the file, or the folder that it lies in.");
    }
}
