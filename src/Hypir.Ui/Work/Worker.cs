using Hypir.Imaging;
using Hypir.Protocol.Client;
using Hypir.Protocol.Messages;

namespace Hypir.Ui.Work;

/// <summary>Does the jobs of the gallery, one after another, whether or not a page is open.</summary>
internal sealed class Worker(UiSettings settings, Gallery gallery, PrivateFolder folder, Pictures pictures, EngineClient client)
{
    /// <summary>Results of an image that the window shows; older ones are only files.</summary>
    private const int MostResults = 12;

    private readonly Restoration _restoration = new(client, gallery.Limits, folder);

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await LookAtModelsAsync(cancellation).ConfigureAwait(false);
        while (!cancellation.IsCancellationRequested)
        {
            Job job = await gallery.TakeAsync(cancellation).ConfigureAwait(false);
            gallery.End(job, await WorkAsync(job, cancellation).ConfigureAwait(false));
            pictures.Prune(job.Image);
        }
    }

    /// <summary>Asks the engine for its models.</summary>
    public async Task LookAtModelsAsync(CancellationToken cancellation)
    {
        try
        {
            gallery.SetModels(await client.ListModelsAsync(cancellation).ConfigureAwait(false), null);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            gallery.SetModels(null, Failure.Of(failure));
        }
    }

    /// <summary>Writes a result of an image again, at another strength.</summary>
    /// <exception cref="HypirException">It cannot be written.</exception>
    public async Task BlendAsync(UiImage image, int? version, double strength, CancellationToken cancellation)
    {
        await image.Saving.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (gallery.Read((_, _, _, _) => image.Find(version)) is not { } result)
                return;
            Choice choice = result.Choice with { Strength = strength };
            await Task.Run(
                async () =>
                {
                    RasterImage full = ImageFile.Load(folder[Pictures.After(image, result.Version)], Pictures.AnySize, cancellation)
                        .With(ImageFile.Load(image.Source, gallery.Limits, cancellation).Metadata);
                    RasterImage blend = await _restoration.BlendAsync(image, full, choice, cancellation).ConfigureAwait(false);
                    ImageFile.Save(blend, result.Path, cancellation: cancellation);
                },
                cancellation).ConfigureAwait(false);
            gallery.Change(image, image =>
            {
                if (image.Results.IndexOf(result) is >= 0 and var at)
                    image.Results[at] = result with { Choice = choice };
            });
        }
        finally
        {
            image.Saving.Release();
        }
    }

    private async Task<Action<UiImage>?> WorkAsync(Job job, CancellationToken ending)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(job.Cancel.Token, ending);
        gallery.Changed();
        try
        {
            return await Task.Run(() => WorkAsync(job, cancellation), cancellation.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception failure)
        {
            var words = Failure.Of(failure);
            return image => image.Failure = words;
        }
    }

    private async Task<Action<UiImage>?> WorkAsync(Job job, CancellationTokenSource cancellation)
    {
        UiImage image = job.Image;
        var progress = new Reports(report => gallery.Change(image, _ => job.Progress = report));
        Restored restored = await _restoration.RunAsync(job, progress, cancellation.Token).ConfigureAwait(false);
        int version = gallery.NewVersion();
        if (job.Area is { } area)
        {
            pictures.KeepPart(image, version, restored.After);
            return image => image.Preview = new(area, version, job.Choice);
        }
        pictures.KeepAfter(image, version, restored.After);
        RasterImage blend = await _restoration.BlendAsync(image, restored.After, job.Choice, cancellation.Token).ConfigureAwait(false);
        await image.Saving.WaitAsync(cancellation.Token).ConfigureAwait(false);
        try
        {
            string path = ResultNames.Reserve(settings.Output, image.Name);
            IReadOnlyList<string> notes = Write(blend, path, cancellation.Token);
            return image =>
            {
                image.Preview = null;
                image.Results.Add(
                    new(path, blend.Width, blend.Height, version, job.Choice, restored.Model, restored.Grounds,
                        [.. restored.Notes, .. notes], restored.Seconds));
                if (image.Results.Count > MostResults)
                    image.Results.RemoveAt(0);
            };
        }
        finally
        {
            image.Saving.Release();
        }
    }

    private static IReadOnlyList<string> Write(RasterImage image, string path, CancellationToken cancellation)
    {
        try
        {
            return ImageFile.Save(image, path, cancellation: cancellation).Notes;
        }
        catch (Exception failure)
        {
            // The name was only reserved.
            File.Delete(path);
            if (failure is ImageException known)
                throw new OutputException(known.Message, known.Remedy, known);
            throw;
        }
    }

    private sealed class Reports(Action<JobProgress> take) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => take(value);
    }
}
