using System.Text.Json;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary><c>hypir bench</c>: what it measures is other machines' business, what it says is this one's.</summary>
[TestClass]
[TestCategory("Slow")]
public sealed class BenchTests : EngineTest
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Two_ways_in_turn_as_JSON(bool sample)
    {
        string[] arguments =
            ["bench", "--model", NanoModel.Folder, "--size", "96", "--compare", "reference,fast", "--rounds", "2", "--json"];
        JsonElement result = JsonSerializer.Deserialize<JsonElement>(
            Hypir(sample ? [.. arguments, "--sample"] : arguments).MustEnd(ExitCode.Success).Output);
        Assert.AreEqual(96, result.GetProperty("size").GetInt32());
        CollectionAssert.AreEqual(
            new[] { "reference", "fast" }, result.GetProperty("compare").EnumerateArray().Select(way => way.GetString()).ToArray());
        Assert.AreEqual(sample, result.GetProperty("extrapolated").GetBoolean());
        JsonElement[] ways = [.. result.GetProperty("ways").EnumerateArray()];
        double first = Seconds(ways[0], "min"), last = Seconds(ways[1], "max");
        Assert.IsTrue(first > 0 && last > 0);
        Assert.IsTrue(result.GetProperty("ratioMin").GetDouble() <= result.GetProperty("ratio").GetDouble());
        Assert.IsTrue(result.GetProperty("ratio").GetDouble() >= first / last, "A round's ratio lies between those of the extremes.");
        Assert.IsTrue(result.GetProperty("matmulGflops").GetProperty("median").GetDouble() > 0);
        Assert.IsTrue(result.GetProperty("peakMemoryBytes").GetInt64() > 1 << 26);
        foreach (JsonElement way in ways)
        {
            JsonElement[] stages = [.. way.GetProperty("stages").EnumerateArray()];
            CollectionAssert.AreEqual(
                new[] { "encode", "restore", "decode" }, stages.Select(stage => stage.GetProperty("stage").GetString()).ToArray());
            Assert.IsTrue(
                stages.All(stage =>
                    stage.GetProperty("gflop").GetDouble() > 0 && stage.GetProperty("seconds").GetProperty("median").GetDouble() > 0
                )
            );
        }

        static double Seconds(JsonElement way, string which) => way.GetProperty("seconds").GetProperty(which).GetDouble();
    }

    [TestMethod]
    public void A_single_pass_network_has_one_stage()
    {
        string model = Goldens.Require("single-pass", "compact-x2.pth");
        string[] arguments = ["bench", "--model", model, "--size", "48", "--compare", "reference,fast", "--rounds", "1", "--json"];
        JsonElement result = JsonSerializer.Deserialize<JsonElement>(Hypir(arguments).MustEnd(ExitCode.Success).Output);
        foreach (JsonElement way in result.GetProperty("ways").EnumerateArray())
        {
            JsonElement stage = way.GetProperty("stages").EnumerateArray().Single();
            Assert.AreEqual("restore", stage.GetProperty("stage").GetString());
            Assert.IsGreaterThan(0, stage.GetProperty("gflop").GetDouble());
            Assert.IsGreaterThan(0, stage.GetProperty("seconds").GetProperty("median").GetDouble());
        }

        StringAssert.Contains(Hypir([.. arguments, "--sample"]).MustEnd(ExitCode.Usage).Error, "--sample");
    }

    [TestMethod]
    public void A_table_for_people()
    {
        string table = Hypir("bench", "--model", NanoModel.Folder, "--size", "64", "--rounds", "1").MustEnd(ExitCode.Success).Output;
        foreach (string expected in new[] { "encode", "restore", "decode", "GFLOP/s", "peak memory" })
            StringAssert.Contains(table, expected);
    }

    [TestMethod]
    public void Starts_beside_reading_the_files_as_JSON()
    {
        JsonElement result = JsonSerializer.Deserialize<JsonElement>(
            Hypir("bench", "--model", NanoModel.Folder, "--start", "--rounds", "2", "--json").MustEnd(ExitCode.Success).Output);
        Assert.AreEqual(2, result.GetProperty("rounds").GetInt32());
        Assert.AreEqual(2, result.GetProperty("files").GetInt32(), "The small model has no text encoder.");
        Assert.IsTrue(result.GetProperty("bytes").GetInt64() > 1 << 20);
        double reading = Of("readingSeconds", "max"), loaded = Of("loadedSeconds", "min"), ready = Of("readySeconds", "min");
        Assert.IsTrue(0 < reading && 0 < loaded && loaded < ready, $"{reading}, {loaded}, {ready}");
        Assert.IsTrue(Of("ratio", "min") >= ready / reading, "A round's ratio is not below that of the extremes.");

        double Of(string what, string which) => result.GetProperty(what).GetProperty(which).GetDouble();
    }

    /// <summary>Of the model that comes with the program, which is a single-pass network.</summary>
    [TestMethod]
    public void Starts_for_people() =>
        StringAssert.Contains(Hypir("bench", "--start", "--rounds", "1").MustEnd(ExitCode.Success).Output, "times as long as reading");

    [TestMethod]
    public void A_start_that_fails_says_why()
    {
        File.WriteAllText(In("lora.safetensors"), "no weights");
        string error = Hypir("bench", "--model", NanoModel.Folder, "--start", "--lora", "lora.safetensors").MustEnd(ExitCode.BadFile).Error;
        StringAssert.Contains(error, "lora.safetensors");
        StringAssert.Contains(error, "exited before it was loaded");
    }

    [TestMethod]
    public void What_is_no_way_is_refused() =>
        StringAssert.Contains(
            Hypir("bench", "--compare", "fast,slow").MustEnd(ExitCode.Usage).Error,
            "must be fast, reference or unmerged, or several of them separated by commas, not \"fast,slow\"");

    [TestMethod]
    public void A_model_is_not_written_over_files()
    {
        MakeImage("full/x.png", 8, 8);
        StringAssert.Contains(Hypir("bench", "--make-model", "full").MustEnd(ExitCode.CannotWrite).Error, "not empty");
    }
}
