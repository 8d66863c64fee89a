using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Client;

namespace Hypir.PdnEffect.ViewModel.Running;

/// <summary>A run without a dialog: the effect is repeated on other pixels.</summary>
public static class RepeatRun
{
    /// <summary>Gives the result for a layer: the one that is there where it is of these pixels and settings, else a new one.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="held">A result that is there, or null.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="words">The language of failures.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="RestorationException">It failed, with words for people.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RestoredRegion Ensure(
        ILayerPixels layer, RestorationSettings settings, RestoredRegion? held, EngineAccess engine, Words words, CancellationToken cancellation)
    {
        if (held is not null && held.Key == ResultKey.Of(layer, settings, null, cancellation))
            return held;
        var health = new HealthWatch();
        using EngineClient client = engine.Connect(health);
        try
        {
            return RegionRestorer.RestoreAsync(client, layer, settings, null, null, cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The person has given up on an engine that hangs: the next run must find another one.
            if (health.Last == EngineHealth.Unresponsive)
                client.EndEngine();
            throw;
        }
        catch (Exception failure) when (failure is not RestorationException)
        {
            throw new RestorationException(Failure.Of(failure, engine, words), failure);
        }
    }

    private sealed class HealthWatch : IProgress<EngineHealth>
    {
        public volatile EngineHealth Last;

        public void Report(EngineHealth value) => Last = value;
    }
}
