using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>Several processes share a folder under GNU parallel, and are killed in the middle of their work.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed partial class ParallelTests : EngineTest
{
    private const int Shards = 4, KillsOfEach = 2;

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Killed_and_restarted_processes_make_each_image_once_as_one_run_does()
    {
        if (!IsInstalled())
            Assert.Inconclusive("GNU parallel is not installed.");
        for (int i = 0; i < 5 * Shards; i++)
            MakeImage($"in/{i % 3}/{i:00}.{(i % 2 == 0 ? "png" : "jpg")}", 40 + i, 60 - i);
        Hypir("restore", "in", "-o", "whole", "-r").MustEnd(ExitCode.Success);

        // The shell says its number and becomes the program: that is the process to kill.
        File.WriteAllText(In("part.sh"), $"""
            echo "process $$"
            exec '{Path.Combine(AppContext.BaseDirectory, "hypir")}' restore in -o parts -r --resume --json --shard "$1/{Shards}"
            """
        );
        var start = new ProcessStartInfo(
            "parallel",
            [
                "--will-cite",
                "-j",
                $"{Shards}",
                "--retries",
                $"{KillsOfEach + 2}",
                "--line-buffer",
                "--tag",
                "sh",
                "part.sh",
                "{}",
                ":::",
                .. Enumerable.Range(0, Shards).Select(i => $"{i}"),
            ]
        )
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HYPIR_HOME"] = In(BuiltProgram.Home);
        start.Environment["HOME"] = In(BuiltProgram.Home);
        using var parallel = Process.Start(start)!;
        var error = parallel.StandardError.ReadToEndAsync();
        List<string> restored = [];
        int kills = Watch(parallel.StandardOutput, restored);
        parallel.WaitForExit();
        Assert.AreEqual(0, parallel.ExitCode, error.Result);
        Assert.IsGreaterThanOrEqualTo(Shards, kills, "Nothing was killed.");
        CollectionAssert.AllItemsAreUnique(restored, "An image was restored twice.");

        string[] whole = [.. Files().Where(file => file.StartsWith("whole/", StringComparison.Ordinal))];
        Assert.HasCount(5 * Shards, whole);
        CollectionAssert.AreEqual(
            whole,
            Files().Where(file => file.StartsWith("parts/", StringComparison.Ordinal)).Select(file => "whole" + file[5..]).ToArray()
        );
        foreach (string file in whole)
            CollectionAssert.AreEqual(File.ReadAllBytes(In(file)), File.ReadAllBytes(In("parts" + file[5..])), file);
    }

    /// <summary>
    /// Reads what the processes tell, and kills each twice, after a random number of lines: while it loads, reads, restores or writes.
    /// </summary>
    private static int Watch(StreamReader lines, List<string> restored)
    {
        var random = new Random(11);
        var process = new int[Shards];
        var kills = new int[Shards];
        var until = Enumerable.Range(0, Shards).Select(_ => random.Next(1, 40)).ToArray();
        while (lines.ReadLine() is { } line)
        {
            string[] parts = line.Split('\t', 2);
            int shard = int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
            if (Number().Match(parts[1]) is { Success: true } number)
                process[shard] = int.Parse(number.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
            else if (Restored(parts[1]) is { } input)
                restored.Add(input);
            if (kills[shard] == KillsOfEach || --until[shard] > 0)
                continue;
            kills[shard]++;
            until[shard] = random.Next(1, 40);
            Kill(process[shard]);
        }

        return kills.Sum();
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            if (process.ProcessName is "hypir" or "sh")
                process.Kill();
        }
        catch (ArgumentException)
        {
            // It ended by itself meanwhile.
        }
    }

    private static string? Restored(string line)
    {
        // A killed process may leave a part of a line.
        if (!line.EndsWith('}'))
            return null;
        var told = JsonSerializer.Deserialize<JsonElement>(line);
        return told.GetProperty("event").GetString() == "result" ? told.GetProperty("input").GetString() : null;
    }

    private static bool IsInstalled()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("parallel", "--version") { RedirectStandardOutput = true })!;
            string version = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return version.Contains("GNU parallel", StringComparison.Ordinal);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    [GeneratedRegex("^process ([0-9]+)$")]
    private static partial Regex Number();
}
