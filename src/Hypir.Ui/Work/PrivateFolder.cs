namespace Hypir.Ui.Work;

/// <summary>
/// The folder for uploads and for what the page shows. Only this user can read it, and it is deleted with the window; what a window that
/// was killed left behind is deleted by the next one.
/// </summary>
internal sealed class PrivateFolder : IDisposable
{
    private const string Prefix = "hypir-ui-", Lock = "lock";

    private readonly FileStream _lock;

    /// <summary>Creates the folder.</summary>
    public PrivateFolder()
    {
        Sweep();
        // On Unix, mode 700; on Windows, the user's own temporary folder.
        Path = Directory.CreateTempSubdirectory(Prefix).FullName;
        _lock = new FileStream(System.IO.Path.Combine(Path, Lock), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>A path in the folder.</summary>
    /// <param name="name">A name of the program's own, never one that a page sent.</param>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Deletes files whose names begin in a way.</summary>
    /// <param name="begin">How they begin.</param>
    /// <param name="but">Names of files that stay.</param>
    public void Delete(string begin, params IReadOnlyCollection<string> but)
    {
        foreach (string file in Directory.GetFiles(Path, begin + "*").Where(file => !but.Contains(System.IO.Path.GetFileName(file))))
            Try(() => File.Delete(file));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
        Try(() => Directory.Delete(Path, recursive: true));
    }

    private static void Sweep()
    {
        foreach (string folder in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            string held = System.IO.Path.Combine(folder, Lock);
            Try(() =>
            {
                // Without a lock it is being made at this moment, or belongs to another user.
                if (!File.Exists(held))
                    return;
                new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
                Directory.Delete(folder, recursive: true);
            });
        }
    }

    private static void Try(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is in use: the next window tries again.
        }
    }
}
