using Hypir.Protocol.Client;
using Hypir.Protocol.Transport;

namespace Hypir.PdnEffect.ViewModel.Running;

/// <summary>How to reach the engine.</summary>
/// <param name="Location">How to start it if none is running; null if none is installed.</param>
/// <param name="Pipe">The pipe's name.</param>
public sealed record EngineAccess(EngineLocation? Location, string Pipe)
{
    /// <summary>How long an engine may be silent before it is considered hung.</summary>
    public TimeSpan SilenceLimit { get; init; } = new EngineClientOptions().SilenceLimit;

    /// <summary>This user's engine.</summary>
    /// <param name="folder">The effect's own folder, which may also contain an engine.</param>
    public static EngineAccess Find(string folder) =>
        new(EngineLocation.Find([Path.Combine(folder, "engine"), .. Told(folder)]), PipeName.Default);

    /// <summary>The engine's folder as recorded by <c>hypir plugin install</c>.</summary>
    private static string[] Told(string folder)
    {
        try
        {
            return [File.ReadAllText(Path.Combine(folder, Defaults.EnginePointer)).Trim()];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return []; // The effect was copied by hand.
        }
    }

    /// <summary>Creates a client; the engine is started on first use.</summary>
    /// <param name="health">Receives the engine's health during a job.</param>
    public EngineClient Connect(IProgress<EngineHealth>? health) =>
        new(Location, new() { Pipe = Pipe, Name = "Paint.NET effect", Health = health, SilenceLimit = SilenceLimit });
}

/// <summary>Posts reports to the dialog's thread, only the latest one, so that a busy dialog is not flooded.</summary>
/// <typeparam name="T">The type of a report.</typeparam>
/// <param name="post">Runs an action on the dialog's thread.</param>
/// <param name="take">Receives a report there.</param>
internal sealed class LatestReports<T>(Action<Action> post, Action<T> take) : IProgress<T>
{
    private readonly Lock _gate = new();
    private T? _latest;
    private bool _waiting;

    public void Report(T value)
    {
        lock (_gate)
        {
            _latest = value;
            if (_waiting)
                return;
            _waiting = true;
        }
        post(Deliver);
    }

    private void Deliver()
    {
        T value;
        lock (_gate)
        {
            value = _latest!;
            _waiting = false;
        }
        take(value);
    }
}
