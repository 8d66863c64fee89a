
using Hypir.Imaging;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>A test with a folder of its own, in which images can be made and the program be run.</summary>
public abstract class EngineTest
{
    /// <summary>The test's folder.</summary>
    protected string Folder { get; private set; } = "";

    [TestInitialize]
    public void MakeFolder() => Folder = Directory.CreateTempSubdirectory("hypir-engine-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(Folder, recursive: true);

    /// <summary>A path in the folder.</summary>
    protected string In(string path) => Path.Combine(Folder, path);

    /// <summary>Runs the program in the folder.</summary>
    private protected ProgramRun Hypir(params string[] arguments) => BuiltProgram.Engine.Run(Folder, arguments);

    /// <summary>Writes an image of smooth shapes and grain.</summary>
    protected string MakeImage(string path, int width, int height, bool alpha = false)
    {
        var random = new Random(width * 31 + height);
        var rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.Length; i++)
            rgb[i] = (byte)(128 + 60 * Math.Sin(i / 3 % width / 9.0 + i % 3) + 40 * Math.Cos(i / 3 / width / 7.0) + random.Next(-15, 16));
        byte[]? plane = alpha ? [.. Enumerable.Range(0, width * height).Select(i => (byte)(i % width * 255 / (width - 1)))] : null;
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        ImageFile.Save(new RasterImage(width, height, 8, rgb, plane), In(path));
        return path;
    }

    /// <summary>The folder's files, as relative paths with forward slashes, without what the program remembers.</summary>
    protected string[] Files() => [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
        .Where(file => !file.StartsWith(BuiltProgram.Home + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
