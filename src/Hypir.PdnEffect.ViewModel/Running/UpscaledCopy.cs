using Hypir.PdnEffect.ViewModel.Results;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;

namespace Hypir.PdnEffect.ViewModel.Running;

/// <summary>The selection's bounds, restored and enlarged, for a file or the clipboard: an effect cannot change the canvas's size.</summary>
public static class UpscaledCopy
{
    /// <summary>Makes one. The engine itself blends, so that the copy is what <c>hypir restore --upscale</c> with this strength gives of the same pixels.</summary>
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
        EngineClient client, ILayerPixels layer, RestorationSettings settings, int strength, int scale, ICopyTarget target, IProgress<JobProgress>? progress, CancellationToken cancellation) => Task.Run(
        async () =>
        {
            Region region = layer.Selection.Intersect(layer.Bounds), context = ResultKey.ContextOf(layer, null);
            RestoreRequest request = settings.Request(context.Width, context.Height) with { Upscale = scale, Strength = strength / 100.0 };
            using RestoredPixels result = await client.RestoreAsync(
                request, (row, rows) => layer.ReadSrgb(context.X, context.Y + row, context.Width, rows), progress, cancellation).ConfigureAwait(false);
            target.Begin(region.Width * scale, region.Height * scale);
            int top = (region.Y - context.Y) * scale, left = (region.X - context.X) * scale * 4, bytes = context.Width * scale * 4;
            result.Read(
                (first, rows) =>
                {
                    for (int row = first - top; !rows.IsEmpty; row++, rows = rows[bytes..])
                    {
                        if (row >= 0 && row < region.Height * scale)
                            target.Take(row, rows.Slice(left, region.Width * scale * 4));
                    }
                },
                cancellation);
            try
            {
                target.End();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CopyException(failure);
            }
        },
        cancellation);
}
