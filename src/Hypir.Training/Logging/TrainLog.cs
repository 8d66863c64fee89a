




using Hypir.Imaging;
using Hypir.Training.Config;
using Hypir.Training.Evaluation;
using Hypir.Training.Loop;
using Hypir.Training.RunFolders;

namespace Hypir.Training.Logging;

/// <summary>All logs of a run: figures, events for TensorBoard, samples, a page.</summary>
internal sealed class TrainLog : IDisposable
{
    private const string GeneratorTotal = "G_total", DiscriminatorTotal = "D";

    private readonly RunFolder _folder;
    private readonly TrainSettings _settings;
    private readonly MetricsLog _metrics;
    private readonly EventFile? _events;
    private long _batches;

    /// <summary>Opens the logs of a run.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="settings">Its configuration, which is also written there.</param>
    /// <param name="batches">Number of batches seen at the resume point.</param>
    public TrainLog(RunFolder folder, TrainSettings settings, long batches)
    {
        (_folder, _settings) = (folder, settings);
        _metrics = new(folder.Metrics, batches);
        _batches = batches;
        _events = settings.ReportTo is null ? null : new EventFile(folder.In(settings.LoggingDirectory));
        File.WriteAllText(folder.Config, ConfigFile.Text(settings));
    }

    /// <summary>The generator's last loss.</summary>
    public double? GeneratorLoss { get; private set; }

    /// <summary>The discriminator's last loss.</summary>
    public double? DiscriminatorLoss { get; private set; }

    /// <summary>Number of steps skipped because they were not finite.</summary>
    public int Skipped { get; set; }

    /// <summary>Logs the results of a batch.</summary>
    public void Add(long step, IReadOnlyList<StepReport> reports)
    {
        _batches++;
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var report in reports)
        {
            foreach (var (name, value) in report.Losses)
                figures[name] = value;
            if (report.GradientNorm is { } norm)
                figures[$"grad_norm/{report.Side}"] = norm;
        }
        GeneratorLoss = figures.TryGetValue(GeneratorTotal, out double generator) ? generator : GeneratorLoss;
        DiscriminatorLoss = figures.TryGetValue(DiscriminatorTotal, out double discriminator) ? discriminator : DiscriminatorLoss;
        Write(step, figures);
    }

    /// <summary>Logs the gradient norms of the configured modules, for each loss.</summary>
    /// <param name="step">The step.</param>
    /// <param name="norms">Returns a module's norms by the losses' names.</param>
    public void Gradients(long step, Func<string, IReadOnlyDictionary<string, double>> norms) => Write(step, _settings.LogGradModules
        .SelectMany(module => norms(module).Select(norm => KeyValuePair.Create($"grad_norm/{module}_{norm.Key}", norm.Value))));

    /// <summary>Logs a validation.</summary>
    public void Validation(long step, Measurement measurement) => Write(step, measurement.Figures);

    /// <summary>Writes samples as images and events.</summary>
    public void Samples(long step, IReadOnlyList<TrainSample> samples)
    {
        string folder = Path.Combine(_folder.Samples, $"{step:D8}");
        Directory.CreateDirectory(folder);
        for (int i = 0; i < samples.Count; i++)
        {
            foreach (var (tag, image) in Parts(samples[i]))
            {
                string path = Path.Combine(folder, $"{i}-{tag}.png");
                ImageFile.Save(image, path);
                _events?.Image(step, $"image/{i}/{tag}", File.ReadAllBytes(path), image.Width, image.Height);
            }
            _events?.Text(step, $"prompt/{i}", samples[i].Prompt);
        }
    }

    /// <summary>Writes the run's page.</summary>
    public void WriteReport(IReadOnlyList<TrainSample> samples, long step)
    {
        string skipped = Skipped == 0 ? "" : $", {Skipped} skipped";
        TrainReport.Write(_folder.Report, _folder.Metrics, samples, Settings(), $"{step} of {_settings.MaxTrainSteps} steps{skipped}");
    }

    /// <summary>Closes the logs.</summary>
    public void Dispose()
    {
        _metrics.Dispose();
        _events?.Dispose();
    }

    private void Write(long step, IEnumerable<KeyValuePair<string, double>> figures)
    {
        KeyValuePair<string, double>[] all = [.. figures];
        _metrics.Add(step, _batches, all);
        _events?.Scalars(step, all);
    }

    private static IEnumerable<(string Tag, RasterImage Image)> Parts(TrainSample sample)
    {
        yield return ("lq", sample.Lq);
        yield return ("G", sample.Generated);
        if (sample.Average is { } average)
            yield return ("G_ema", average);
        yield return ("gt", sample.Gt);
    }

    private IEnumerable<(string, string)> Settings() => ConfigFile.Text(_settings).Split('\n')
        .Where(line => line.Length > 0 && !char.IsWhiteSpace(line[0]) && !line.EndsWith(':'))
        .Select(line => line.Split("  # ")[0].Split(": ", 2)).Where(parts => parts.Length == 2).Select(parts => (parts[0], parts[1]));
}
