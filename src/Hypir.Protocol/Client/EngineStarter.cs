using System.ComponentModel;
using System.Diagnostics;
using Hypir.Protocol.Messages;

namespace Hypir.Protocol.Client;

/// <summary>Finds an engine, or starts one.</summary>
internal static class EngineStarter
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>A program that keeps ending like this is not an engine.</summary>
    private const int MostIdleEnds = 5;

    public static async Task<EngineConnection> ConnectOrStartAsync(
        EngineLocation? location, EngineClientOptions options, CancellationToken cancellation)
    {
        if (await EngineConnection.TryOpenAsync(options, TimeSpan.Zero, cancellation).ConfigureAwait(false) is { } there)
            return there;
        if (location is null || !File.Exists(location.Executable))
        {
            throw new EngineException(
                EngineError.EngineMissing,
                location is null ? "No engine is running, and none is installed." : $"The engine {location.Executable} is not there.",
                new("Install Hypir."));
        }

        int idleEnds = 0;
        long start = TimeProvider.System.GetTimestamp();
        EngineProcess process = EngineProcess.Start(location, options.Pipe);
        while (true)
        {
            if (await EngineConnection.TryOpenAsync(options, Look, cancellation).ConfigureAwait(false) is { } connection)
                return Own(connection, process);
            if (TimeProvider.System.GetElapsedTime(start) > options.StartLimit)
                throw NotStarted($"The engine did not answer within {options.StartLimit.TotalSeconds:0} seconds.", process);
            if (!process.Exit.IsCompleted)
                continue;
            int code = await process.Exit.ConfigureAwait(false);
            // A normal end: on a busy machine, an engine with a short idle limit can end before it is found.
            bool idle = code == 0 && ++idleEnds <= MostIdleEnds;
            if (code != (int)ExitCode.AlreadyRunning && !idle)
                throw NotStarted($"The engine ended before it answered (exit code {code}).", process);
            // Another engine holds the name: it will answer soon, or it will end and free the name.
            process = EngineProcess.Start(location, options.Pipe);
        }
    }

    /// <summary>
    /// Another client may have been faster: then the process started here ends by itself, and the other one has answered.
    /// </summary>
    private static EngineConnection Own(EngineConnection connection, EngineProcess process)
    {
        if (connection.Welcome.ProcessId == process.Id)
            connection.Process = process;
        return connection;
    }

    private static EngineException NotStarted(string message, EngineProcess process) =>
        new(
            EngineError.EngineDidNotStart, string.Join('\n', [message, .. process.Errors]),
            new("Run \"hypir serve\" in a terminal to see why."));
}

/// <summary>An engine started by this client. It outlives the client: others may use it, and it ends by itself when idle.</summary>
internal sealed class EngineProcess
{
    private readonly LastLines _errors = new();

    private EngineProcess(Process process)
    {
        Id = process.Id;
        // Unread streams would fill up and block the engine; and it must not keep this program's own streams open.
        process.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        process.StandardInput.Close();
        Exit = ExitOf(process);
    }

    public int Id { get; }

    /// <summary>Its exit code, available once it has ended and its last output has arrived. Several calls can wait for it.</summary>
    public Task<int> Exit { get; }

    public IReadOnlyList<string> Errors => _errors.ToList();

    public static EngineProcess Start(EngineLocation location, string pipe)
    {
        string[] arguments = [.. location.Arguments, "serve", "--pipe", pipe, .. location.ServeArguments];
        var start = new ProcessStartInfo(location.Executable, arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in location.Environment)
            start.Environment[name] = value;
        try
        {
            return new(Process.Start(start)!);
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            throw new EngineException(EngineError.EngineMissing, $"The engine {location.Executable} cannot be started: {failure.Message}",
                new("Install Hypir again."), failure);
        }
    }

    /// <summary>The system frees a process's resources only after its exit code has been read.</summary>
    private static async Task<int> ExitOf(Process process)
    {
        using (process)
        {
            await process.WaitForExitAsync().ConfigureAwait(false);
            return process.ExitCode;
        }
    }
}

/// <summary>How to start an engine: a program, and what precedes the arguments <c>serve --pipe NAME</c>.</summary>
/// <param name="Executable">The program's file.</param>
public sealed record EngineLocation(string Executable)
{
    private const string Name = "hypir";

    /// <summary>Arguments before <c>serve</c>; empty for the program itself.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Environment variables of the engine, in addition to those of this program.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Arguments after <c>serve --pipe NAME</c>, such as <c>--device cpu</c>.</summary>
    public IReadOnlyList<string> ServeArguments { get; init; } = [];

    /// <summary>
    /// Searches for an engine: the file named by the environment variable HYPIR_ENGINE, the given folders, the user's and the machine's
    /// installation, the folders in PATH.
    /// </summary>
    /// <param name="folders">Folders to search first.</param>
    /// <returns>The location, or null if there is none.</returns>
    public static EngineLocation? Find(params IEnumerable<string> folders)
    {
        string file = OperatingSystem.IsWindows() ? Name + ".exe" : Name;
        IEnumerable<string> installed = (
            (System.Environment.SpecialFolder[])
                [System.Environment.SpecialFolder.LocalApplicationData, System.Environment.SpecialFolder.ProgramFiles]
        )
            .Select(System.Environment.GetFolderPath)
            .Where(folder => folder.Length > 0)
            .SelectMany(folder => (string[])[Path.Combine(folder, "Programs", "Hypir"), Path.Combine(folder, "Hypir")]);
        string[] path = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string? found = folders
            .Concat(installed)
            .Concat(path)
            .Select(folder => Path.Combine(folder, file))
            .Prepend(System.Environment.GetEnvironmentVariable("HYPIR_ENGINE"))
            .FirstOrDefault(File.Exists);
        return found is null ? null : new EngineLocation(found);
    }
}

/// <summary>Keeps the last lines of a stream.</summary>
internal sealed class LastLines
{
    private const int Most = 20;

    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Most)
                _lines.Dequeue();
        }
    }

    public IReadOnlyList<string> ToList()
    {
        lock (_lines)
            return [.. _lines];
    }

    /// <summary>The last lines of a file that another process may be writing; empty if it cannot be read.</summary>
    public static IReadOnlyList<string> OfFile(string path)
    {
        const int Tail = 8192;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(Tail, file.Length), SeekOrigin.End);
            var last = new LastLines();
            using var reader = new StreamReader(file);
            while (reader.ReadLine() is { } line)
                last.Add(line);
            return last.ToList();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
