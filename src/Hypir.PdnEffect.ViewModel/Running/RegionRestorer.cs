using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Texts;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel.Running;

/// <summary>Restores the selection of a layer, or a part of it, with the engine.</summary>
public static class RegionRestorer
{
    /// <summary>Runs a restoration.</summary>
    /// <param name="client">The engine.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="area">The part of the selection that is wanted, or null for all of it.</param>
    /// <param name="progress">Receives reports, on any thread.</param>
    /// <param name="cancellation">Cancels; the call then ends within about two seconds.</param>
    /// <returns>The result at full strength.</returns>
    /// <exception cref="EngineException">The engine failed or is not installed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
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

/// <summary>A run without a dialog, when the effect is repeated on other pixels.</summary>
public static class RepeatRun
{
    /// <summary>Returns the result for a layer: the existing one if it matches the pixels and settings, otherwise a new one.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="held">The existing result, or null.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="words">The language for failures.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="RestorationException">The run failed; the message is for the user.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
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
            // The user gave up on a hung engine, so the next run must start a new one.
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
    /// Creates the copy. The engine does the blending, so the copy equals the output of <c>hypir restore --upscale</c> with this strength
    /// on the same pixels.
    /// </summary>
    /// <param name="client">The engine.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="settings">The settings; their working resolution is not used.</param>
    /// <param name="strength">Per cent.</param>
    /// <param name="scale">The enlargement factor.</param>
    /// <param name="target">Receives the copy.</param>
    /// <param name="progress">Receives reports, on any thread.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="CopyException">The target cannot be written.</exception>
    /// <exception cref="EngineException">The engine failed or is not installed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
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
