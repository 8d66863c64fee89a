namespace Hypir.Protocol.Client;

/// <summary>How an engine is started: a program, and what goes before the words <c>serve --pipe NAME</c>.</summary>
/// <param name="Executable">The program's file.</param>
public sealed record EngineLocation(string Executable)
{
    private const string Name = "hypir";

    /// <summary>Arguments before <c>serve</c>; none for the program itself.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Environment variables of the engine, besides those of this program.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Arguments after <c>serve --pipe NAME</c>, such as <c>--device cpu</c>.</summary>
    public IReadOnlyList<string> ServeArguments { get; init; } = [];

    /// <summary>
    /// Looks where an engine may be: the file that the environment variable HYPIR_ENGINE names, the given folders, the user's and the machine's installation,
    /// the folders of PATH.
    /// </summary>
    /// <param name="folders">Where to look first.</param>
    /// <returns>The location, or null where there is none.</returns>
    public static EngineLocation? Find(params IEnumerable<string> folders)
    {
        string file = OperatingSystem.IsWindows() ? Name + ".exe" : Name;
        IEnumerable<string> installed = ((System.Environment.SpecialFolder[])[System.Environment.SpecialFolder.LocalApplicationData, System.Environment.SpecialFolder.ProgramFiles])
            .Select(System.Environment.GetFolderPath).Where(folder => folder.Length > 0)
            .SelectMany(folder => (string[])[Path.Combine(folder, "Programs", "Hypir"), Path.Combine(folder, "Hypir")]);
        string[] path = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string? found = folders.Concat(installed).Concat(path).Select(folder => Path.Combine(folder, file))
            .Prepend(System.Environment.GetEnvironmentVariable("HYPIR_ENGINE")).FirstOrDefault(File.Exists);
        return found is null ? null : new EngineLocation(found);
    }
}
