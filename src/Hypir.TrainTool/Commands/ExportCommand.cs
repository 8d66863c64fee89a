using System.CommandLine;
using System.Globalization;
using Hypir.Models;
using Hypir.Models.Store;
using Hypir.Training.Exporting;
using Hypir.Training.Loop;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Commands;

/// <summary><c>hypir-train export</c>.</summary>
internal static class ExportCommand
{
    private static readonly Dictionary<string, ScalarType> Types = new(StringComparer.Ordinal)
    {
        ["float32"] = ScalarType.Float32,
        ["float16"] = ScalarType.Float16,
        ["bfloat16"] = ScalarType.BFloat16,
    };

    /// <summary>Creates the command.</summary>
    public static Command Make() =>
        new(
            "export",
            "Export trained weights. Exit codes: 0 done, 2 wrong usage, 3 bad file, 5 cannot write, 130 cancelled."
        )
        {
            Lora(),
            Network(),
            Merged(),
            Difference(),
        };

    private static Command Lora() => Weights(
        "lora", "LoRA weights as .pth or .safetensors, in any type. Use `hypir models add FILE --base MODEL` to install them.",
        "A file of LoRA weights", ModelExport.Lora);

    private static Command Network() => Weights(
        "network", "A single-pass network as .pth or .safetensors, in any type. Use `hypir models add FILE` to install it.",
        "A network's file", ModelExport.Network);

    private static Command Weights(
        string name, string description, string file, Action<string, string, ScalarType?, CancellationToken> export)
    {
        var source = new Argument<string>("SOURCE")
        {
            Description = $"{file}, a checkpoint's folder (its averaged weights are preferred), or a run's folder.",
        };
        var output = Output("FILE", "The file: .pth for torch's format, else safetensors.");
        var type = Type();
        var command = new Command(name, description) { source, output, type };
        command.SetAction(line =>
            Told(line.GetValue(output)!, cancellation =>
                export(line.GetValue(source)!, line.GetValue(output)!, Chosen(line.GetValue(type)), cancellation)));
        return command;
    }

    private static Command Merged()
    {
        var model = Options.Required(
            "--model", "MODEL", "The model: a folder in diffusers' layout, or a name of `hypir models list`.", "-m");
        var lora = Options.Text("--lora", "FILE", "LoRA weights, a checkpoint's folder or a run's; without it, the model is only cast.");
        var output = Output("FOLDER", "The new folder.");
        var type = Type();
        var command = new Command("merged", "A model's folder with LoRA weights merged in.") { model, lora, output, type };
        command.SetAction(line =>
            Told(line.GetValue(output)!, cancellation =>
                ModelExport.Merged(
                    ModelArgument.Base(line.GetValue(model)!), line.GetValue(lora), line.GetValue(output)!, Chosen(line.GetValue(type)),
                    cancellation)
            )
        );
        return command;
    }

    private static Command Difference()
    {
        var from = new Argument<string>("BASE") { Description = "The original model, in diffusers' layout." };
        var to = new Argument<string>("TUNED") { Description = "The tuned model." };
        var rank = Options.Number("--rank", "N", "Rank of the LoRA weights (default 64).", 1, 4096);
        var output = Output("FILE", "The file: .pth for torch's format, else safetensors.");
        var command = new Command("difference", "The difference between two models' UNets as LoRA weights; reports the loss.")
        {
            from,
            to,
            rank,
            output,
        };
        command.SetAction(line => Told(line.GetValue(output)!, cancellation =>
            {
                int kept = line.GetValue(rank) ?? 64;
                double lost = ModelExport.Difference(line.GetValue(from)!, line.GetValue(to)!, kept, line.GetValue(output)!, cancellation);
                Console.Out.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"{100 * lost:0.##} % of the difference is lost at rank {kept}."));
            }));
        return command;
    }

    private static Option<string> Output(string value, string description) => Options.Required("--output", value, description, "-o");

    private static Option<string?> Type() => Options.OneOf("--type", "Type of the weights (default: as they are).", [.. Types.Keys]);

    private static ScalarType? Chosen(string? type) => type is null ? null : Types[type];

    private static int Told(string output, Action<CancellationToken> export) => (int)ErrorReport.RunReportingErrors(() =>
    {
        using var interruption = new Interruption(ErrorConsole.ShowCursor, deadline: null);
        export(interruption.Token);
        Console.Out.WriteLine($"-> {output}");
        return ExitCode.Success;
    });
}

/// <summary>Resolves models given by path or by a name from `hypir models list`.</summary>
internal static class ModelArgument
{
    /// <summary>A model, optionally with LoRA weights.</summary>
    /// <exception cref="StoreException">Neither a path nor a model has this name, or the model is incomplete.</exception>
    public static ResolvedModel Find(string model) => ModelHome.Default.Choose(model, AppContext.BaseDirectory);

    /// <summary>The folder or file of a complete model, not LoRA weights.</summary>
    /// <exception cref="StoreException">Neither a path nor a model has this name, or the model is incomplete.</exception>
    /// <exception cref="TrainingException">The name refers to LoRA weights.</exception>
    public static string Base(string model) =>
        Find(model) is { Lora: null, Path: var path }
            ? path
            : throw new TrainingException(
                $"{model} is a set of LoRA weights for another model, not a model.",
                "Name the model that they are for (`hypir models list` shows it); lora_init starts training from LoRA weights.");
}
