using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>Ctrl+C and termination in the middle of a tile.</summary>
[TestClass]
public sealed class InterruptionTests : EngineTest
{
    // The program promises 2 seconds; a busy machine may start a waiting process late. The work itself would take minutes.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [TestMethod]
    [DataRow("INT", 2)]
    [DataRow("TERM", 15)]
    [OSCondition(OperatingSystems.Linux)]
    public void A_signal_ends_a_run_and_leaves_nothing(string signal, int number)
    {
        if (Ignored(number))
            Assert.Inconclusive($"These tests were started with SIG{signal} ignored, which the program inherits.");
        MakeImage("a.png", 1500, 1500);
        using var process = BuiltProgram.Engine.Start(
            Folder, "restore", "a.png", "-o", "b.png", "--upscale", "3", "--json", "-m", NanoModel.Folder);
        ReadUntil(process, "encoding");
        using (var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        bool ended = process.WaitForExit(Limit);
        if (!ended)
            process.Kill();
        Assert.IsTrue(ended, "The run goes on.");
        var run = BuiltProgram.Finish(process).MustEnd(ExitCode.Cancelled);
        CollectionAssert.AreEqual(new[] { "a.png" }, Files());
        Assert.AreEqual((int)ExitCode.Cancelled, run.Of("error").Single().GetProperty("exitCode").GetInt32());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void What_was_complete_before_stays()
    {
        MakeImage("in/a.png", 64, 64);
        MakeImage("in/b.png", 1600, 1600);
        using var process = BuiltProgram.Engine.Start(Folder, "restore", "in", "-o", "out/", "--json", "-m", NanoModel.Folder);
        ReadUntil(process, "b.png\",\"stage\":\"encoding");
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        var told = BuiltProgram.Finish(process).MustEnd(ExitCode.Cancelled).Of("error").Single();
        CollectionAssert.AreEqual(new[] { "in/a.png", "in/b.png", "out/a.png" }, Files());
        int[] counts = [.. ((string[])["restored", "kept", "failed", "left"]).Select(name => told.GetProperty(name).GetInt32())];
        CollectionAssert.AreEqual(new[] { 1, 0, 0, 1 }, counts, told.ToString());
    }

    /// <summary>Nobody reads its output, as when a pager is paused: it does not end by itself.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_run_that_has_to_be_ended_tells_how_far_it_got_too()
    {
        for (int i = 0; i < 500; i++)
        {
            string name = new string('x', 200) + i.ToString("000", CultureInfo.InvariantCulture) + ".png";
            foreach (string folder in (string[])["in", "out"])
            {
                Directory.CreateDirectory(In(folder));
                File.WriteAllText(In($"{folder}/{name}"), "");
            }
        }

        using var process = BuiltProgram.Engine.Start(Folder, "restore", "in", "-o", "out", "-m", NanoModel.Folder);
        Polling.Until(() => process.HasExited || IsWriting(process));
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        string told = process.StandardError.ReadToEnd();
        StringAssert.Matches(told, new("Cancelled: 0 restored, [0-9]+ kept, 0 failed, [0-9]+ of 500 images left\\.\n"
            + "Repeat the command with --resume to continue; finished results are kept\\.\n"));
        BuiltProgram.Finish(process).MustEnd(ExitCode.Cancelled);
    }

    /// <summary>Whether its first thread stands in a pipe that is full.</summary>
    private static bool IsWriting(Process process)
    {
        string task = $"/proc/{process.Id}/task/{process.Id}/wchan";
        try
        {
            return File.ReadAllText(task).Contains("pipe_write", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void ReadUntil(Process process, string told)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            Assert.AreEqual(JsonValueKind.Object, JsonSerializer.Deserialize<JsonElement>(line).ValueKind);
            if (line.Contains(told, StringComparison.Ordinal))
                return;
        }

        Assert.Fail("The run ended before it could be interrupted: " + process.StandardError.ReadToEnd());
    }

    /// <summary>Whether this process ignores a signal; a child of it then does too.</summary>
    private static bool Ignored(int signal)
    {
        string mask = File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)).Split('\t')[
            1
        ];
        return (Convert.ToUInt64(mask, 16) >> (signal - 1) & 1) == 1;
    }
}
