namespace Hypir.Networks.Libraries;

/// <summary>
/// The folder that libtorch is loaded from. Without a choice TorchSharp loads the libraries beside the program; <see cref="TorchContext"/> runs a program with those
/// of another folder.
/// </summary>
public static class NativeTorch
{
    private const string FolderKey = "Hypir.LibTorch";
    private const string FailureKey = "Hypir.LibTorch.Failure";

    /// <summary>The version of libtorch that TorchSharp is bound to: no other can be used.</summary>
    public static Version Needed { get; } = new(2, 10, 0);

    /// <summary>The folder that was chosen for this process, or null where the libraries beside the program are used.</summary>
    public static string? Folder
    {
        get => AppContext.GetData(FolderKey) as string;
        internal set => AppContext.SetData(FolderKey, value);
    }

    /// <summary>Why the libraries of the chosen folder did not load, or null. TorchSharp hides it behind a message about packages.</summary>
    public static (string Message, string Remedy)? Failure
    {
        get => AppContext.GetData(FailureKey) as (string, string)?;
        internal set => AppContext.SetData(FailureKey, value);
    }

    /// <summary>Whether the libtorch of this process can compute on NVIDIA's cards.</summary>
    public static bool HasCuda => Folder is { } folder ? Has(folder, "torch_cuda")
        : (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory).Any(place => Has(place, "torch_cuda"));

    /// <summary>The folder with the libraries in a folder that a person names: itself, or <c>lib</c> or <c>libtorch/lib</c> in it, as archives have them.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The whole path, or null where there is no libtorch.</returns>
    public static string? Find(string folder) => ((string[])[folder, Path.Combine(folder, "lib"), Path.Combine(folder, "libtorch", "lib"), Path.Combine(folder, "torch", "lib")])
        .Where(place => Has(place, "c10") && Has(place, "torch_cpu") && Has(place, "torch")).Select(Path.GetFullPath).FirstOrDefault();

    /// <summary>A library's file name on this system.</summary>
    /// <param name="name">Its name, such as <c>torch_cpu</c>.</param>
    public static string FileOf(string name) => OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";

    internal static bool Has(string folder, string name) => File.Exists(Path.Combine(folder, FileOf(name)));
}
