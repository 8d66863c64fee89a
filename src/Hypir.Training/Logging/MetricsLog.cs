using System.Text;
using System.Text.Json;
using Hypir.Core.Files;

namespace Hypir.Training.Logging;

/// <summary>
/// A run's figures, lines of JSON: <c>{"step": 12, "batch": 24, "G_mse": 0.1, …}</c>. Reports are created from it. A run resumed from a
/// checkpoint removes later lines, as those batches are repeated.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private const string StepKey = "step", BatchKey = "batch";

    private readonly StreamWriter _file;

    /// <summary>Opens or creates a log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="batches">Number of batches seen at the resume point; later lines are removed.</param>
    public MetricsLog(string path, long batches)
    {
        if (File.Exists(path))
        {
            string[] kept = [.. Lines(path).Where(line => line.Batch <= batches).Select(line => line.Text)];
            using var replacement = new FileReplacement(path);
            File.WriteAllLines(replacement.Temporary, kept);
            replacement.Keep();
        }
        _file = new StreamWriter(path, append: true, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
        {
            AutoFlush = true,
            NewLine = "\n",
        };
    }

    /// <summary>Adds a step's figures; values that are not finite are omitted.</summary>
    public void Add(long step, long batch, IEnumerable<KeyValuePair<string, double>> values)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber(StepKey, step);
            json.WriteNumber(BatchKey, batch);
            foreach (var (name, value) in values.Where(pair => double.IsFinite(pair.Value)))
                json.WriteNumber(name, value);
            json.WriteEndObject();
        }
        _file.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>Reads a log: each figure's steps and values. A line truncated by a crash is ignored.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<(long Step, double Value)>> Read(string path)
    {
        var curves = new SortedDictionary<string, List<(long, double)>>(StringComparer.Ordinal);
        foreach (var (step, _, text) in Lines(path))
        {
            using var line = JsonDocument.Parse(text);
            foreach (var figure in line.RootElement.EnumerateObject().Where(figure => figure.Name is not (StepKey or BatchKey)))
            {
                if (!curves.TryGetValue(figure.Name, out var curve))
                    curves.Add(figure.Name, curve = []);
                curve.Add((step, figure.Value.GetDouble()));
            }
        }
        return curves.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<(long, double)>)pair.Value, StringComparer.Ordinal);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static IEnumerable<(long Step, long Batch, string Text)> Lines(string path)
    {
        foreach (string text in File.ReadAllLines(path))
        {
            (long Step, long Batch)? place = null;
            try
            {
                using var line = JsonDocument.Parse(text);
                place = (line.RootElement.GetProperty(StepKey).GetInt64(), line.RootElement.GetProperty(BatchKey).GetInt64());
            }
            catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                // Truncated when the program was killed.
            }
            if (place is { } good)
                yield return (good.Step, good.Batch, text);
        }
    }
}
