using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>What a program reads that runs <c>hypir restore --json</c>.</summary>
[TestClass]
public sealed class JsonTests : EngineTest
{
    [TestMethod]
    public void Each_line_is_an_object_and_they_tell_the_whole_run()
    {
        MakeImage("a.png", 60, 50);
        MakeImage("ü \"b\".png".Replace("\"", OperatingSystem.IsWindows() ? "" : "\"", StringComparison.Ordinal), 40, 40);
        File.WriteAllText(In("bad.png"), "");
        MakeImage("done.png", 30, 30);
        MakeImage("done.restored.png", 30, 30);
        var run = Hypir("restore", Folder, "--json", "-m", NanoModel.Folder).MustEnd(ExitCode.SomeFailed);
        Assert.AreEqual("", run.Error);
        var first = run
            .Events.Where(line => line.TryGetProperty("input", out var input) && Path.GetFileName(input.GetString()) == "a.png")
            .ToArray();
        string[] kinds = [.. first.Select(line => line.GetProperty("event").GetString()!)];
        Assert.AreEqual("plan", kinds[0]);
        Assert.AreEqual("result", kinds[^1]);
        Assert.IsTrue(kinds[1..^1].All(kind => kind == "progress") && kinds.Length > 3, string.Join(' ', kinds));
        var stages = run.Of("progress").Select(line => line.GetProperty("stage").GetString()).Distinct().ToArray();
        CollectionAssert.IsSubsetOf(new[] { "loading", "encoding", "restoring", "decoding" }, stages);
        double[] fractions =
        [
            .. first.Where(line => line.TryGetProperty("fraction", out _)).Select(line => line.GetProperty("fraction").GetDouble()),
        ];
        CollectionAssert.AreEqual(fractions.Order().ToArray(), fractions, "Progress never falls.");
        var timed = run.Of("progress").Where(line => line.GetProperty("stage").GetString() != "loading").ToArray();
        Assert.IsTrue(
            timed.All(line => line.TryGetProperty("remainingSeconds", out var left) && left.GetDouble() >= 0),
            "The first run on a machine measures its speed.");
        var batches = timed.Select(line => line.GetProperty("batch")).ToArray();
        Assert.IsTrue(batches.All(batch => batch.GetProperty("count").GetInt32() == 4));
        double[] shares = [.. batches.Select(batch => batch.GetProperty("fraction").GetDouble())];
        Assert.IsTrue(shares[^1] == 1 && shares[0] < 0.5, string.Join(' ', shares));
        Assert.IsTrue(timed.Zip(batches).All(pair =>
            pair.Second.GetProperty("remainingSeconds").GetDouble() >= pair.First.GetProperty("remainingSeconds").GetDouble()));
        var result = first[^1];
        Assert.AreEqual("restored", result.GetProperty("status").GetString());
        Assert.AreEqual((60, 50), (result.GetProperty("width").GetInt32(), result.GetProperty("height").GetInt32()));
        Assert.IsTrue(File.Exists(result.GetProperty("output").GetString()));
        Assert.HasCount(1, run.Of("result").Where(line => line.GetProperty("status").GetString() == "kept").ToArray());
        Assert.HasCount(3, run.Of("result"));
        var error = run.Of("error").Single();
        Assert.AreEqual("bad.png", Path.GetFileName(error.GetProperty("input").GetString()));
        Assert.AreEqual((int)ExitCode.BadFile, error.GetProperty("exitCode").GetInt32());
        Assert.AreNotEqual("", error.GetProperty("remedy").GetString());
    }

    [TestMethod]
    public void A_wrong_command_line_is_told_as_an_object_too()
    {
        var run = Hypir("restore", "a.png", "--json", "--strength", "7").MustEnd(ExitCode.Usage);
        StringAssert.Contains(run.Of("error").Single().GetProperty("message").GetString(), "--strength");
        Assert.AreEqual("", run.Error);
    }
}
