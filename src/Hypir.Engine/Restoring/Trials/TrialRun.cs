using System.Diagnostics;
using Hypir.Core.Files;
using Hypir.Engine.Reporting;
using Hypir.Imaging;
using Hypir.Imaging.Formats;
using Hypir.Imaging.Jpeg;
using Hypir.Imaging.Pages;
using Hypir.Planning;
using Hypir.Planning.Machine;
using Hypir.Planning.Memory;
using Hypir.Restoration.Pipeline;

namespace Hypir.Engine.Restoring.Trials;

/// <summary>
/// <c>--try</c>: restores one part of an image with several settings, and writes all results on one labeled sheet. All of them are planned
/// before the first is computed.
/// </summary>
/// <param name="job">The job; its inputs are one image.</param>
/// <param name="withModel">The job with another model.</param>
/// <param name="reporter">Receives the results.</param>
/// <param name="interruption">Cancels the run.</param>
/// <param name="machine">The machine.</param>
internal sealed class TrialRun(
    RestoreCommandOptions job, Func<string, RestoreCommandOptions> withModel, IReporter reporter, Interruption interruption,
    MachineFacts machine)
{
    /// <summary>The side of the part that is tried, if none is named.</summary>
    private const int Side = 256;

    /// <summary>Cells in a row, if only one setting varies.</summary>
    private const int MostInRow = 6;

    /// <summary>Runs the job.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="HypirException">The image, a model or a setting cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The run was interrupted.</exception>
    public ExitCode Run()
    {
        var whole = Stopwatch.StartNew();
        string input = job.Inputs[0];
        ImageJob image = new(input, SheetOf(input), Path.GetFileName(input));
        if (job.Threads is { } threads)
            Restorer.LimitThreads(threads);
        if (FolderAccess.Problem(image.Output) is { } problem)
            throw new OutputException($"The sheet of {input} cannot be written: {problem}", "Choose another --output.");
        RasterImage pixels = ImageFile.Load(input, cancellation: interruption.Token);
        PixelArea area = job.Options.Area ?? Detailed(pixels);
        Trial[] trials = [.. Trials(pixels, area)];
        if (trials.Any(trial => trial.Plan.FollowsJpeg) && ImageFile.Inspect(input).Format == ImageFormat.Jpeg)
            pixels = pixels.With(pixels.Metadata with { Jpeg = JpegCoefficients.Read(input, pixels, interruption.Token) });
        reporter.Started(1);
        IReadOnlyList<RasterImage> results = Restore(image, pixels, trials);
        int columns = Columns;
        (RasterImage sheet, bool labeled) = ContactSheet.Of([.. Cells(trials, results, columns)], columns);
        ImageStore.MakeFolder(image.Output);
        interruption.RunUninterrupted(() => ImageFile.Save(sheet, image.Output, job.Saving, interruption.WriteDeadline));
        string part = $"It shows {area.Size} pixels at {area.X},{area.Y}; --crop chooses another part.";
        string order = $"This system has no font for labels. In reading order: {string.Join("; ", trials.Select(trial => trial.Label))}.";
        reporter.Done(image, new(Kept: false, sheet.Width, sheet.Height, whole.Elapsed, labeled ? [part] : [part, order]));
        return ExitCode.Success;
    }

    /// <summary>Cells in a row, with the input at its beginning.</summary>
    private int Columns => job.Trials.Count > 1 ? job.Trials[^1].Values.Count + 1 : Math.Min(job.Trials[0].Values.Count + 1, MostInRow);

    /// <summary>A sheet that exists is never replaced unless that is asked for: the next one gets a number.</summary>
    private string SheetOf(string input)
    {
        string path = job.Output is not { } output ? Path.ChangeExtension(input, null) + ".try.png"
            : Directory.Exists(output) ? Path.Combine(output, Path.GetFileNameWithoutExtension(input) + ".try.png") : output;
        _ = ImageFormats.ForWriting(path);
        if (Path.GetFullPath(path) == Path.GetFullPath(input))
            throw new UsageException($"The sheet would overwrite the image {input}.", "Choose another --output.");
        string free = path;
        for (int i = 2; !job.Overwrite && Path.Exists(free); i++)
            free = FormattableString.Invariant($"{Path.ChangeExtension(path, null)}-{i}{Path.GetExtension(path)}");
        return free;
    }

    private static PixelArea Detailed(RasterImage image)
    {
        var (x, y, width, height) = DetailedArea.Of(image, Side);
        return new(x, y, width, height);
    }

    private IEnumerable<Trial> Trials(RasterImage image, PixelArea area)
    {
        Dictionary<string, Tried> models = [];
        RestoreCommandOptions own = WithChosenModel(image);
        foreach (var combination in TrialSetting.Combinations(job.Trials))
        {
            string name = combination.Where(one => one.Setting.Name == "model").Select(one => one.Value).FirstOrDefault() ?? "";
            if (!models.TryGetValue(name, out Tried? model))
                models[name] = model = Tried.Of(name.Length == 0 ? own : withModel(name));
            RestoreOptions options = model.Job.Options with { Area = area };
            foreach (var (setting, value) in combination)
                options = setting.Apply(options, value);
            RestorePlan plan = RestorePlan.Create(
                image.Width, image.Height, image.Alpha is not null, options, model.Source.Facts, machine, image.BitsPerSample);
            if (!plan.Fits && !job.Force)
                throw new MemoryException(plan);
            yield return new(string.Join(", ", combination.Select(one => $"{one.Setting.Name} {one.Value}")), model, plan);
        }
    }

    /// <summary>The job with the model that the image gets where none is named.</summary>
    private RestoreCommandOptions WithChosenModel(RasterImage image)
    {
        if (job.Strong is not { } strong)
            return job;
        var models = new ModelPicker(job);
        RestorePlan plan = RestorePlan.Create(
            image.Width, image.Height, image.Alpha is not null, job.Options, models.Usual.Facts, machine, image.BitsPerSample);
        return models.Of(plan, image).Model == models.Strong ? job with { Model = strong.Path } : job;
    }

    private RasterImage[] Restore(ImageJob image, RasterImage pixels, Trial[] trials)
    {
        var results = new RasterImage[trials.Length + 1];
        var forecast = BatchForecast.Of(trials.Length);
        // One model at a time is in memory.
        IGrouping<Tried, (int, Trial)>[] turns = [.. trials.Index().GroupBy(trial => trial.Item.Model)];
        foreach (var (turn, (_, trial)) in turns.SelectMany(group => group).Index())
            forecast.Expect(turn, BatchForecast.WorkOf(trial.Plan));
        int done = 0;
        foreach (var group in turns)
        {
            Restorer? restorer = null;
            try
            {
                foreach (var (index, trial) in group)
                {
                    int turn = done++;
                    forecast.Begin(turn, BatchForecast.WorkOf(trial.Plan));
                    results[index + 1] = reporter.RunWithProgress(image, forecast, progress =>
                    {
                        progress.Report(new(RestoreStage.Loading, 0, 1, 0, null));
                        restorer ??= Restorer.Load(
                            group.Key.Source, group.Key.Job.Options, machine, group.Key.Job.Lora, interruption.Token);
                        results[0] ??= restorer.Restore(pixels, AtNoStrength(trial.Plan), null, interruption.Token).Image;
                        return restorer.Restore(pixels, trial.Plan, progress, interruption.Token).Image;
                    });
                    forecast.End(turn);
                }
            }
            finally
            {
                restorer?.Dispose();
            }
        }

        return results;
    }

    private static RestorePlan AtNoStrength(RestorePlan plan) => plan with { Options = plan.Options with { Strength = 0 } };

    /// <summary>The cells of the sheet; each row of several settings begins with the input, to compare with.</summary>
    private IEnumerable<(string Label, RasterImage Image)> Cells(Trial[] trials, IReadOnlyList<RasterImage> results, int columns)
    {
        for (int i = 0; i < trials.Length; i++)
        {
            if (i == 0 || (job.Trials.Count > 1 && i % (columns - 1) == 0))
                yield return ("input", results[0]);
            yield return (trials[i].Label, results[i + 1]);
        }
    }

    private sealed record Trial(string Label, Tried Model, RestorePlan Plan);

    /// <summary>A model that is tried; compared by reference.</summary>
    private sealed class Tried
    {
        private Tried(RestoreCommandOptions job, ModelSource source) => (Job, Source) = (job, source);

        public RestoreCommandOptions Job { get; }

        public ModelSource Source { get; }

        public static Tried Of(RestoreCommandOptions job)
        {
            var source = ModelSource.Open(job.Model, job.Mix);
            source.RequireLora(job.Lora);
            LoraCheck.Require(job.Lora, job.Model);
            return new(job, source);
        }
    }
}
