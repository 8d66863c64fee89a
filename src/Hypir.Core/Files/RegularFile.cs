namespace Hypir.Core.Files;

/// <summary>Keeps the program from waiting for ever: opening a named pipe blocks until somebody writes to it.</summary>
public static class RegularFile
{
    /// <summary>Checks that a path may be opened; what is not there is left to whoever opens it.</summary>
    /// <param name="path">A path.</param>
    /// <returns>The path.</returns>
    /// <exception cref="IOException">It is a pipe, a socket or a device.</exception>
    public static string Require(string path) => FileFacts.Of(path) is { IsRegular: false, IsFolder: false }
        ? throw new IOException($"{path} is a pipe, a socket or a device, not a file.")
        : path;
}
