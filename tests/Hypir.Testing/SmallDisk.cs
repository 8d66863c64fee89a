using System.Diagnostics;

namespace Hypir.Testing;

/// <summary>A file system of a few megabytes in place of a folder, which root can mount on Linux; elsewhere the test is skipped.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    /// <summary>Mounts it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="megabytes">Its size.</param>
    public SmallDisk(string folder, int megabytes)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsLinux() || !Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder))
            Assert.Inconclusive("A small file system can be mounted by root on Linux only.");
    }

    /// <summary>Gives it another size; what it holds stays.</summary>
    /// <param name="megabytes">The size.</param>
    public void Resize(int megabytes) => Assert.IsTrue(Run("mount", "-o", $"remount,size={megabytes}m", _folder));

    /// <summary>Takes it away.</summary>
    public void Dispose() => Run("umount", "-l", _folder);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
