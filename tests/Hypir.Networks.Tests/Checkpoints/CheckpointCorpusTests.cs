using System.Text.Json;
using Hypir.Testing;

namespace Hypir.Networks.Tests.Checkpoints;

/// <summary>
/// Good, broken and hostile files, each with its right answers; and good files with seeded damage, where only the type of the answer is
/// known.
/// </summary>
[TestClass]
public sealed class CheckpointCorpusTests
{
    private const double MostSeconds = 2;
    private const long MostBytes = 200_000_000;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [TestCategory("Golden")]
    public void Every_file_gets_a_right_answer_in_time_and_memory()
    {
        string folder = Goldens.Require("checkpoints");
        using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        var cases = index.RootElement.GetProperty("cases").EnumerateArray().ToArray();
        Assert.AreNotEqual(0, cases.Length, "The corpus is empty: no case would run.");
        using var working = new TemporaryFolder();
        var reports = ProbeRun.Start(working.Path, TimeSpan.FromMinutes(5), "corpus", folder);

        string marker = index.RootElement.GetProperty("marker").GetString()!;
        foreach (string place in new[] { working.Path, folder, Path.Combine(folder, "bad"), Environment.CurrentDirectory })
            Assert.IsFalse(
                File.Exists(Path.Combine(place, marker)), $"Something in a file was run: {Path.Combine(place, marker)} is there.");
        string[] wrong = [.. cases.Zip(reports, Judge).OfType<string>()];
        var (slowest, largest) = (reports.MaxBy(r => r.Seconds)!, reports.MaxBy(r => r.PeakBytes)!);
        TestContext.WriteLine($"{cases.Length - wrong.Length} of {cases.Length} right; slowest {slowest.Seconds:0.000} s ({slowest.File}); "
            + $"most memory {largest.PeakBytes / 1e6:0.0} MB above idle ({largest.File}).");
        foreach (var report in reports)
            TestContext.WriteLine($"{report.File}: {report.Answer} {report.Message}");
        Assert.HasCount(cases.Length, reports);
        Assert.IsEmpty(wrong, string.Join("\n", wrong));
        Assert.IsLessThanOrEqualTo(MostSeconds, reports.Max(r => r.ProcessorSeconds), $"{slowest.File} and others");
        Assert.IsLessThanOrEqualTo(MostBytes, largest.PeakBytes, largest.File);
    }

    [TestMethod]
    [TestCategory("Golden")]
    public void Damaged_files_are_read_or_refused_and_nothing_else()
    {
        const int count = 3000;
        string folder = Goldens.Require("checkpoints");
        using var working = new TemporaryFolder();
        var reports = ProbeRun.Start(working.Path, TimeSpan.FromSeconds(60), "mutations", folder, "20260", $"{count}");
        Assert.HasCount(count, reports);
        var unexpected = reports.Where(r => r.Answer == "unexpected").Select(r => $"{r.File}: {r.Message}").ToArray();
        var (slowest, largest) = (reports.MaxBy(r => r.Seconds)!, reports.MaxBy(r => r.PeakBytes)!);
        TestContext.WriteLine(
            $"{reports.Count(r => r.Answer == "ok")} of {count} still read; slowest {slowest.Seconds:0.000} s ({slowest.File}); "
                + $"most memory {largest.PeakBytes / 1e6:0.0} MB above idle ({largest.File})."
        );
        Assert.IsEmpty(unexpected, string.Join("\n", unexpected));
        Assert.IsLessThanOrEqualTo(MostSeconds, reports.Max(r => r.ProcessorSeconds), $"{slowest.File} and others");
        Assert.IsLessThanOrEqualTo(MostBytes, largest.PeakBytes, largest.File);
        Assert.Contains(r => r.Answer == "ok", reports, "No file was read: the damage is too great to reach anything.");
    }

    /// <summary>What is wrong with an answer, or null.</summary>
    private static string? Judge(JsonElement entry, ProbeReport report)
    {
        string expected = entry.GetProperty("expect").GetString()!;
        string[] fair = entry.TryGetProperty("also_fair", out var also) ? [.. also.EnumerateArray().Select(a => a.GetString()!)] : [];
        if (report.Answer != expected && !fair.Contains(report.Answer))
            return $"{report.File} ({entry.GetProperty("about")}): {report.Answer} instead of "
                + $"{string.Join(" or ", [expected, .. fair])}: {report.Message}";
        if (report.Answer != "ok" || !entry.TryGetProperty("tensors", out var listed))
            return null;
        var tensors = listed.Deserialize<Dictionary<string, ProbeTensor>>()!;
        if (expected == "ok" && report.Tensors!.Keys.Except(tensors.Keys).ToArray() is { Length: > 0 } more)
            return $"{report.File}: gives {string.Join(", ", more)}, which should not be there";
        foreach (var (name, tensor) in tensors)
        {
            if (!report.Tensors!.TryGetValue(name, out var actual) || !tensor.Same(actual))
                return $"{report.File}: {name} is {actual} instead of {tensor}";
        }
        if (entry.TryGetProperty("metadata", out var metadata)
            && !metadata.Deserialize<Dictionary<string, string>>()!.OrderBy(p => p.Key).SequenceEqual(report.Metadata!.OrderBy(p => p.Key)))
            return $"{report.File}: other metadata than {metadata}";
        return null;
    }
}
