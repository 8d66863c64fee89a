using System.Text.Json;
using Hypir.Testing;

namespace Hypir.TrainTool.Tests.Commands;

[TestClass]
public sealed class BenchDataCommandTests
{
    [TestMethod]
    public void Every_element_is_timed_and_whole_runs_too()
    {
        using var folder = new TemporaryFolder();
        folder.Write("small.yaml", "data_config: {train: {batch_size: 2, dataset: {params: {out_size: 40}}}}");
        var run = BuiltProgram
            .Trainer.Run(folder.Path, "bench-data", "--json", "--seconds", "0.01", "--workers", "2", "-c", "small.yaml")
            .MustEnd(ExitCode.Success);
        JsonElement[] rows =
        [
            .. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)),
        ];
        string[] names = [.. rows.Select(row => row.GetProperty("element").GetString()!)];
        foreach (
            string word in new[]
            {
                "decode",
                "kernels",
                "sharpen, separable",
                "sharpen, dense",
                "blur",
                "area",
                "bilinear",
                "bicubic",
                "Gaussian",
                "Poisson",
                "JPEG",
                "loader",
                "whole degradation",
            }
        )
            Assert.IsTrue(names.Any(name => name.Contains(word, StringComparison.Ordinal)), $"{word} is not timed.");
        Assert.IsTrue(
            rows.All(row =>
                row.GetProperty("samples_per_second").GetDouble() > 0
                && row.GetProperty("best_milliseconds").GetDouble() <= row.GetProperty("median_milliseconds").GetDouble()
            )
        );
        StringAssert.Contains(
            BuiltProgram.Trainer.Run(folder.Path, "bench-data", "--seconds", "0").MustEnd(ExitCode.Usage).Error, "--seconds");
    }
}
