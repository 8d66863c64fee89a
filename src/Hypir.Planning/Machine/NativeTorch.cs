namespace Hypir.Planning.Machine;

/// <summary>
/// The folder from which libtorch is loaded. By default TorchSharp loads the libraries beside the program; <c>TorchContext</c> runs
/// a program with those of another folder.
/// </summary>
public static class NativeTorch
{
    private const string FolderKey = "Hypir.LibTorch";
    private const string FailureKey = "Hypir.LibTorch.Failure";

    /// <summary>The libtorch version that TorchSharp is bound to; no other works.</summary>
    public static Version Needed { get; } = new(2, 10, 0);

    /// <summary>The folder chosen for this process, or null for the libraries beside the program.</summary>
    public static string? Folder
    {
        get => AppContext.GetData(FolderKey) as string;
        internal set => AppContext.SetData(FolderKey, value);
    }

    /// <summary>
    /// The reason why the chosen folder's libraries did not load, or null. TorchSharp hides it behind a message about packages.
    /// </summary>
    public static (string Message, string Remedy)? Failure
    {
        get => AppContext.GetData(FailureKey) as (string, string)?;
        internal set => AppContext.SetData(FailureKey, value);
    }

    /// <summary>Whether this process's libtorch can compute on NVIDIA GPUs.</summary>
    public static bool HasCuda =>
        Folder is { } folder
            ? Has(folder, "torch_cuda")
            : (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Append(AppContext.BaseDirectory)
                .Any(place => Has(place, "torch_cuda"));

    /// <summary>
    /// Finds the libraries below a folder that the user named: in itself, or in <c>lib</c> or <c>libtorch/lib</c>, as in archives.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The full path, or null if there is no libtorch.</returns>
    public static string? Find(string folder) =>
        ((string[])[folder, Path.Combine(folder, "lib"), Path.Combine(folder, "libtorch", "lib"), Path.Combine(folder, "torch", "lib")])
            .Where(place => Has(place, "c10") && Has(place, "torch_cpu") && Has(place, "torch"))
            .Select(Path.GetFullPath)
            .FirstOrDefault();

    /// <summary>A library's file name on this system.</summary>
    /// <param name="name">Its name, such as <c>torch_cpu</c>.</param>
    public static string FileOf(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{name}.dylib"
        : $"lib{name}.so";

    internal static bool Has(string folder, string name) => File.Exists(Path.Combine(folder, FileOf(name)));
}
