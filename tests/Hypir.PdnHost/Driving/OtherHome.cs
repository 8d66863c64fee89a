namespace Hypir.PdnHost.Driving;

/// <summary>
/// The home of a person who has accepted and downloaded nothing; the effect and its engine live in it until it is disposed of.
/// </summary>
internal sealed class OtherHome : IAsyncDisposable
{
    private const string Variable = "HYPIR_HOME";

    private readonly string _before;
    private IAsyncDisposable? _engine;

    private OtherHome(string before, string folder) => (_before, Folder) = (before, folder);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Moves in.</summary>
    /// <param name="engine">The engine; a running one ends.</param>
    /// <param name="program">The program that the effect finds there, or null for the same.</param>
    /// <param name="lists">Lists that the person has there: a file's name and its text.</param>
    public static async Task<OtherHome> EnterAsync(Engine engine, string? program, params (string Name, string Text)[] lists)
    {
        var home = new OtherHome(
            Environment.GetEnvironmentVariable(Variable)!, Directory.CreateTempSubdirectory("hypir-host-home-").FullName);
        foreach ((string name, string text) in lists)
            await File.WriteAllTextAsync(Path.Combine(home.Folder, name), text);
        home._engine = await engine.InsteadAsync(program ?? engine.Program);
        Environment.SetEnvironmentVariable(Variable, home.Folder);
        return home;
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        await _engine!.DisposeAsync();
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // Libraries of an engine that is just ending.
        }
    }
}
