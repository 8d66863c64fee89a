using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hypir.Training.Benchmarks;
using Hypir.Training.Config;
using Spectre.Console;

namespace Hypir.TrainTool.Commands;

/// <summary><c>hypir-train bench-data</c>.</summary>
internal static class BenchDataCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Creates the command.</summary>
    public static Command Make()
    {
        var config = Options.Text("--config", "FILE", "A training file (default: the reference's degradation, 512x512).", "-c");
        var seconds = Options.Number("--seconds", "S", "Seconds to time each element (default 1).", 0.001, 3600.0);
        var workers = Options.Number("--workers", "N", "Threads for the whole runs (default: all cores).", 1, 256);
        var json = Options.Flag("--json", "Print JSON, one object per line.");
        var command = new Command(
            "bench-data", "Time the preparation of training data on this CPU: each element on one thread, then whole runs.")
        {
            config,
            seconds,
            workers,
            json,
        };
        command.SetAction(line =>
            (int)
                ErrorReport.RunReportingErrors(() =>
                {
                    var settings = line.GetValue(config) is { } file ? ConfigFile.Load(file) : new DataSettings();
                    using var benchmark = new DataBenchmark(
                        settings, line.GetValue(workers) ?? Environment.ProcessorCount, TimeSpan.FromSeconds(line.GetValue(seconds) ?? 1));
                    Write(benchmark, settings.Crop.Size, line.GetValue(json));
                    return ExitCode.Success;
                })
        );
        return command;
    }

    private static void Write(DataBenchmark benchmark, int size, bool json)
    {
        var rows = new List<BenchRow>();
        foreach (var row in benchmark.Elements().Concat(benchmark.Runs()))
        {
            rows.Add(row);
            if (json)
                Console.Out.WriteLine(JsonSerializer.Serialize(row, Json));
        }
        if (json)
            return;
        var table = new Table { Title = new($"one sample of {size}x{size}", Style.Plain) }.AddColumns(
            "element", "best ms", "median ms", "processor ms", "samples/s");
        foreach (var row in rows)
            table.AddRow(Markup.Escape(row.Element), Number(row.BestMilliseconds, "0.00"), Number(row.MedianMilliseconds, "0.00"),
                Number(row.CpuMilliseconds, "0.00"), Number(row.SamplesPerSecond, "0.0"));
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        AnsiConsole.Write(table);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
