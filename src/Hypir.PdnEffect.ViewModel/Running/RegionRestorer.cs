using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel.Running;

/// <summary>Has an engine restore the selection of a layer, or a part of it.</summary>
public static class RegionRestorer
{
    /// <summary>Restores.</summary>
    /// <param name="client">The engine.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="area">The part of the selection that is wanted, or null for all of it.</param>
    /// <param name="progress">Takes reports, on any thread.</param>
    /// <param name="cancellation">Cancels; the call then ends within about two seconds.</param>
    /// <returns>The result at full strength.</returns>
    /// <exception cref="EngineException">The engine failed, or there is none.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ImageTooLargeException">The selection is too large.</exception>
    public static Task<RestoredRegion> RestoreAsync(
        EngineClient client, ILayerPixels layer, RestorationSettings settings, Region? area, IProgress<JobProgress>? progress,
        CancellationToken cancellation) =>
        Task.Run(
            async () =>
            {
                var key = ResultKey.Of(layer, settings, area, cancellation);
                if (key.Region.IsEmpty)
                    return new RestoredRegion(key, [], [], 0);
                Region context = key.Context;
                var writer = new ResultWriter(layer, key);
                RestoreRequest request = settings.Request(context.Width, context.Height);
                using RestoredPixels result = await client
                    .RestoreAsync(
                        request, (row, rows) => layer.ReadSrgb(context.X, context.Y + row, context.Width, rows), progress, cancellation)
                    .ConfigureAwait(false);
                result.Read(settings.Scale == 1 ? writer.TakeRows : new HalvingRows(context.Width, writer.Take).Take, cancellation);
                return new RestoredRegion(
                    key, writer.Pixels, Note.Of(request, result.Result, result.Ends.Count), result.Result.ComputeSeconds);
            },
            cancellation
        );
}

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
        ILayerPixels layer, RestorationSettings settings, RestoredRegion? held, EngineAccess engine, Words words,
        CancellationToken cancellation)
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

/// <summary>
/// The selection's bounds, restored and enlarged, for a file or the clipboard: an effect cannot change the canvas's size.
/// </summary>
public static class UpscaledCopy
{
    /// <summary>
    /// Makes one. The engine itself blends, so that the copy is what <c>hypir restore --upscale</c> with this strength gives of the same
    /// pixels.
    /// </summary>
    /// <param name="client">The engine.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="settings">The settings; their working resolution is not used.</param>
    /// <param name="strength">Per cent.</param>
    /// <param name="scale">By what it is enlarged.</param>
    /// <param name="target">Takes it.</param>
    /// <param name="progress">Takes reports, on any thread.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="CopyException">The target cannot be written.</exception>
    /// <exception cref="EngineException">The engine failed, or there is none.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Task MakeAsync(
        EngineClient client, ILayerPixels layer, RestorationSettings settings, int strength, int scale, ICopyTarget target,
        IProgress<JobProgress>? progress, CancellationToken cancellation) =>
        Task.Run(
            async () =>
            {
                Region region = layer.Selection.Intersect(layer.Bounds),
                    context = ResultKey.ContextOf(layer, null);
                RestoreRequest request = settings.Request(context.Width, context.Height) with
                {
                    Upscale = scale,
                    Strength = strength / 100.0,
                };
                using RestoredPixels result = await client
                    .RestoreAsync(
                        request, (row, rows) => layer.ReadSrgb(context.X, context.Y + row, context.Width, rows), progress, cancellation)
                    .ConfigureAwait(false);
                target.Begin(region.Width * scale, region.Height * scale);
                int top = (region.Y - context.Y) * scale,
                    left = (region.X - context.X) * scale * 4,
                    bytes = context.Width * scale * 4;
                result.Read(
                    (first, rows) =>
                    {
                        for (int row = first - top; !rows.IsEmpty; row++, rows = rows[bytes..])
                        {
                            if (row >= 0 && row < region.Height * scale)
                                target.Take(row, rows.Slice(left, region.Width * scale * 4));
                        }
                    },
                    cancellation
                );
                try
                {
                    target.End();
                }
                catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
                {
                    throw new CopyException(failure);
                }
            },
            cancellation
        );
}
