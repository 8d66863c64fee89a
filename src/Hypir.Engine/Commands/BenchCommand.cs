using System.CommandLine;
using Hypir.Engine.Benchmarks;
using Hypir.Engine.Commands.Models;
using Hypir.Engine.Reporting;
using Hypir.Networks.Libraries;
using Hypir.Planning;
using Hypir.Planning.Machine;

namespace Hypir.Engine.Commands;

/// <summary><c>hypir bench</c>.</summary>
internal static class BenchCommand
{
    private const string Closing = """
        Ways to compare are fast, reference, and unmerged: reference with separate LoRA weights, like the original.
        Operations are counted for the plain networks in every case, so shares of the matrix product's speed are comparable.

        Examples:
          hypir bench --size 2048 --compare reference,fast
              both ways alternately, three times each, and the speedup of the last over the first
          hypir bench --make-model sd-size
              a model of Stable Diffusion 2.1's size with random weights, 6 GB including LoRA weights
          hypir bench --model sd-size --lora sd-size/lora.safetensors --size 2048 --compare unmerged,reference,fast --sample
              one tile of each stage, multiplied by the number of tiles
          hypir bench --model sd-size --start
              time from process start to ready networks, compared with reading the model's files
        """;

    /// <summary>Creates the command.</summary>
    public static Command Make(List<HelpPage> pages, IMachine machine)
    {
        var model = Options.Text("--model", "NAME|FOLDER|FILE", "The model (default faithful).", "-m");
        var lora = Options.Text("--lora", "FILE", "LoRA weights for the model.");
        var size = Options.Number("--size", "PX", "Side length of the image (default 1024).", 8, 1 << 14);
        var compare = Options.Parsed(
            "--compare", "WAY,WAY...", "Ways to measure alternately (default fast).",
            "fast, reference or unmerged, or several of them separated by commas",
            text => BenchJob.ParseWays(text) is { } ways ? (true, ways) : default((bool, IReadOnlyList<string>?)));
        var rounds = Options.Number("--rounds", "N", "Number of measurements of each (default 3).", 1, 100);
        var sample = Options.Flag("--sample", "Measure one tile of each stage and extrapolate, if a whole image takes too long.");
        var start = Options.Flag("--start", "Measure how long a process takes to get ready, and to read the model's files.");
        var once = Options.Flag(StartRun.Once, "The process that --start runs.");
        once.Hidden = true;
        var device = Options.AnyDevice("Device to compute on (default auto).");
        var precision = Options.OneOf(
            "--precision", "Number type to compute in (default auto).", "auto", "float32", "bfloat16", "float16", "float64");
        var make = Options.Text("--make-model", "FOLDER", "Only write a model of Stable Diffusion 2.1's size with random weights.");
        var json = Options.Flag("--json", "Print a JSON object instead of the table.");
        Option[] options = [model, lora, size, compare, rounds, sample, start, device, precision, make, json];
        var command = new Command("bench", "Measure how fast this machine restores.");
        foreach (var option in options.Append(once))
            command.Add(option);
        command.SetAction(line =>
        {
            using var interruption = new Interruption(
                () => ErrorText.Write(new OperationCanceledException(), verbose: false), Interruption.Soon);
            try
            {
                if (line.GetValue(make) is { } folder)
                {
                    TorchProbe.Require();
                    SeededModel.Write(folder, interruption.Token);
                    return (int)ExitCode.Success;
                }

                var chosen = ModelChoice.Of(line.GetValue(model));
                string? adapters = line.GetValue(lora) ?? chosen.Lora;
                int times = line.GetValue(rounds) ?? 3;
                var restoring = new RestoreOptions
                {
                    Device = line.GetValue(device) ?? "auto",
                    Precision = Enum.Parse<ComputePrecision>(line.GetValue(precision) ?? nameof(ComputePrecision.Auto), ignoreCase: true),
                };
                if (line.GetValue(start) || line.GetValue(once))
                {
                    var run = new StartRun(
                        new StartJob
                        {
                            Model = chosen.Path,
                            Lora = adapters,
                            Rounds = times,
                            Options = restoring,
                        },
                        machine,
                        interruption.Token
                    );
                    if (line.GetValue(once))
                        run.RunOnce();
                    else
                        Console.WriteLine(line.GetValue(json) ? StartReport.Json(run.Run()) : StartReport.Table(run.Run()));
                    return (int)ExitCode.Success;
                }

                var result = new BenchRun(new BenchJob
                {
                    Model = chosen.Path,
                    Lora = adapters,
                    Size = line.GetValue(size) ?? 1024,
                    Ways = line.GetValue(compare) ?? ["fast"],
                    Rounds = times,
                    Sample = line.GetValue(sample),
                    Options = restoring,
                }, machine, interruption.Token).Run();
                Console.WriteLine(line.GetValue(json) ? BenchReport.Json(result) : BenchReport.Table(result));
                return (int)ExitCode.Success;
            }
            catch (Exception failure)
            {
                interruption.ReportOnce(() => ErrorText.Write(failure, verbose: false));
                return (int)ExitCodes.Of(failure);
            }
        });
        pages.Add(new(command, "hypir bench [options]", [new("Options", options)], Closing));
        return command;
    }
}
