using Hypir.Testing;

namespace Hypir.TrainTool.Tests.Training;

/// <summary>The tiny model of the goldens, to change.</summary>
internal static class TinyModel
{
    /// <summary>Copies it into a folder.</summary>
    public static string Copy(TemporaryFolder folder, string name)
    {
        string source = Goldens.Require("tiny-sd2");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            File.Copy(file, folder.File(name, Path.GetRelativePath(source, file)));
        return folder[name];
    }
}
