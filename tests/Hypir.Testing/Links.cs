using System.Diagnostics;

namespace Hypir.Testing;

/// <summary>Files of other kinds than .NET makes; elsewhere than on Linux the test is skipped.</summary>
public static class Links
{
    /// <summary>Gives a file a second name.</summary>
    public static void Hard(string path, string target) => Run("ln", target, path);

    /// <summary>Makes a named pipe, which blocks whoever opens it.</summary>
    public static void Pipe(string path) => Run("mkfifo", path);

    private static void Run(string program, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Such files are made on Linux only.");
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode);
    }
}
