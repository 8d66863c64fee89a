using System.Text.Json;
using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Models;

namespace Hypir.Training.Resuming;

/// <summary>
/// What a run trains with: its settings by key, and fingerprints of its model, weights and list of pictures. Each checkpoint has a copy.
/// </summary>
/// <param name="Values">Values by key.</param>
internal sealed record RunIdentity(IReadOnlyDictionary<string, string> Values)
{
    private const string FileName = "run.json";

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Computes it. The files of weights are read once, which takes as long as loading them.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="entries">The pictures that are trained on.</param>
    /// <param name="sources">Where weights are that the configuration does not name.</param>
    /// <exception cref="HypirException">Weights are missing or cannot be read.</exception>
    public static RunIdentity Of(TrainSettings settings, IReadOnlyList<ManifestEntry> entries, WeightSources sources)
    {
        var values = ConfigFile.Values(settings).ToDictionary(StringComparer.Ordinal);
        var list = entries.SelectMany(entry => (string[])[Path.GetFullPath(entry.Path), entry.Prompt]);
        values.Add("pictures", $"{entries.Count} (list {Fingerprint.OfTexts(list)})");
        values.Add("base model", $"files {Fingerprint.OfModel(settings.BaseModelPath!, weights: settings.Kind == TrainKind.Lora)}");
        if (settings.LambdaGan > 0)
            values.Add("discriminator's tower", $"file {Fingerprint.OfWeights(sources.OpenTower(settings.DiscriminatorTower))}");
        if (settings.LambdaLpips > 0)
        {
            values.Add("LPIPS' VGG16", $"file {Fingerprint.OfWeights(sources.OpenVgg(settings.LpipsVgg))}");
            values.Add("LPIPS' linear layers", $"file {Fingerprint.OfWeights(sources.OpenLins(settings.LpipsLins))}");
        }
        return new(values);
    }

    /// <summary>Writes it into a checkpoint.</summary>
    public void Write(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(Values, Json));

    /// <summary>Reads a checkpoint's copy.</summary>
    /// <returns>null where there is none: the checkpoint is of an earlier version.</returns>
    public static RunIdentity? Read(string folder)
    {
        try
        {
            string text = File.ReadAllText(Path.Combine(folder, FileName));
            return JsonSerializer.Deserialize<Dictionary<string, string>>(text, Json) is { } values ? new(values) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// What differs from an earlier identity and is not free to. What only one of the two knows (another version wrote it) is not compared.
    /// </summary>
    public IReadOnlyList<ResumeChange> Since(RunIdentity earlier) =>
    [
        .. Values.Where(pair => earlier.Values.TryGetValue(pair.Key, out string? before) && before != pair.Value)
            .Select(pair => new ResumeChange(pair.Key, earlier.Values[pair.Key], pair.Value))
            .Where(change => change.Rule != ResumeRule.Free),
    ];
}
