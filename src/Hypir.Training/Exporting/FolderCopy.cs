namespace Hypir.Training.Exporting;

/// <summary>Copies what belongs to a model besides its weights.</summary>
internal static class FolderCopy
{
    /// <summary>Copies chosen files with the folders that they lie in.</summary>
    /// <param name="from">The folder.</param>
    /// <param name="to">Where they go; files that are there are replaced.</param>
    /// <param name="chosen">Tells of a file's path whether it is to be copied.</param>
    public static void Copy(string from, string to, Func<string, bool> chosen)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(chosen))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
