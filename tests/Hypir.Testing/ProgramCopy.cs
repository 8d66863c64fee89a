using System.Diagnostics;

namespace Hypir.Testing;

/// <summary>
/// A copy of the folder with the built programs, for tests that damage it: hard links, so that it takes no space, beside the original,
/// where they are possible.
/// </summary>
public sealed class ProgramCopy : IDisposable
{
    private readonly string _folder = Path.Combine(
        Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))!, $"copy-{Guid.NewGuid():N}");

    /// <summary>Makes it; where there are no hard links (Windows) the test is skipped.</summary>
    public ProgramCopy()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("The copy is made with hard links, on Linux only.");
        Directory.CreateDirectory(_folder);
        using Process copy = Process.Start("cp", ["-l", "-r", Path.Combine(AppContext.BaseDirectory, "."), _folder]);
        copy.WaitForExit();
        Assert.AreEqual(0, copy.ExitCode);
    }

    /// <summary>A file of it.</summary>
    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>Puts other content in a file's place; the original stays as it is. Null removes the file.</summary>
    public void Replace(string name, byte[]? content)
    {
        File.Delete(this[name]);
        if (content is not null)
            File.WriteAllBytes(this[name], content);
    }

    /// <summary>The first bytes of a file.</summary>
    public byte[] Head(string name, int bytes)
    {
        using FileStream file = File.OpenRead(this[name]);
        byte[] head = new byte[bytes];
        file.ReadExactly(head);
        return head;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
