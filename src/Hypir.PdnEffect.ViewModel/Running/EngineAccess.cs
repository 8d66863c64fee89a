using Hypir.Protocol.Client;
using Hypir.Protocol.Transport;

namespace Hypir.PdnEffect.ViewModel.Running;

/// <summary>Which engine is asked.</summary>
/// <param name="Location">How it is started where none answers; null where none is installed.</param>
/// <param name="Pipe">The pipe's name.</param>
public sealed record EngineAccess(EngineLocation? Location, string Pipe)
{
    /// <summary>How long an engine may be silent before it counts as hanging.</summary>
    public TimeSpan SilenceLimit { get; init; } = new EngineClientOptions().SilenceLimit;

    /// <summary>This user's engine.</summary>
    /// <param name="folder">The effect's own folder, where an engine may lie too.</param>
    public static EngineAccess Find(string folder) =>
        new(EngineLocation.Find([Path.Combine(folder, "engine"), .. Told(folder)]), PipeName.Default);

    /// <summary>Where whoever put the effect there says that its engine lies (<c>hypir plugin install</c>).</summary>
    private static string[] Told(string folder)
    {
        try
        {
            return [File.ReadAllText(Path.Combine(folder, Defaults.EnginePointer)).Trim()];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return []; // It was put there by hand.
        }
    }

    /// <summary>A client; nothing is started before it is used.</summary>
    /// <param name="health">Is told how the engine seems during a job.</param>
    public EngineClient Connect(IProgress<EngineHealth>? health) =>
        new(Location, new() { Pipe = Pipe, Name = "Paint.NET effect", Health = health, SilenceLimit = SilenceLimit });
}

/// <summary>Brings reports to the dialog's thread, the latest one only: a dialog that is busy is not buried under reports.</summary>
/// <typeparam name="T">What is reported.</typeparam>
/// <param name="post">Has an action run on the dialog's thread.</param>
/// <param name="take">Takes a report there.</param>
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
