using Hypir.PdnEffect.ViewModel.Results;
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
        EngineClient client, ILayerPixels layer, RestorationSettings settings, Region? area, IProgress<JobProgress>? progress, CancellationToken cancellation) => Task.Run(
        async () =>
        {
            var key = ResultKey.Of(layer, settings, area, cancellation);
            if (key.Region.IsEmpty)
                return new RestoredRegion(key, [], [], 0);
            Region context = key.Context;
            var writer = new ResultWriter(layer, key);
            RestoreRequest request = settings.Request(context.Width, context.Height);
            using RestoredPixels result = await client.RestoreAsync(
                request, (row, rows) => layer.ReadSrgb(context.X, context.Y + row, context.Width, rows), progress, cancellation).ConfigureAwait(false);
            result.Read(settings.Scale == 1 ? writer.TakeRows : new HalvingRows(context.Width, writer.Take).Take, cancellation);
            return new RestoredRegion(key, writer.Pixels, Note.Of(request, result.Result, result.Ends.Count), result.Result.ComputeSeconds);
        },
        cancellation);
}
