using Hypir.Networks.Lora;

namespace Hypir.Training.Config;

/// <summary>What shows only when several values of a training file are seen together.</summary>
internal static class TrainRules
{
    private const string Options = "opt_kwargs.";

    /// <summary>Tells the reader of every problem.</summary>
    public static void Check(ConfigReader<TrainSettings> reader, TrainSettings settings)
    {
        reader.Check(settings.OutputDirectory is not null, "output_dir", "is not filled in", "the folder that the run is to write");
        reader.Check(settings.BaseModelPath is not null, "base_model_path", "is not filled in", "the folder of a model in diffusers layout, or a name of `hypir models list`");
        reader.Check(settings.Data.Manifest.FileList is not null, "data_config.train.dataset.params.file_meta.file_list", "is not filled in",
            "a folder of pictures, or a list of them (.parquet, .csv, .jsonl, .txt)");
        bool any = settings is not { LambdaGan: 0, LambdaLpips: 0, LambdaL2: 0, LambdaL1: 0, LambdaCharbonnier: 0, LambdaFrequency: 0 };
        reader.Check(any, "lambda_l2", "and every other weight of a loss is 0: there would be nothing to learn from", "at least one lambda above 0");
        reader.Check(settings.Data.Degradation is { ResizeBack: true } or { Stage2Scale: { Low: 1, High: 1 } }, "data_config.train.batch_transform.params.resize_back",
            "is false: damaged pictures would be smaller than those to aim at", "true, or a stage2_scale of 1");
        reader.Check(settings.Data.Crop.Size % 8 == 0, "data_config.train.dataset.params.out_size", $"is {settings.Data.Crop.Size}", "a multiple of 8");
        // Other programs, and our own restorer, take files with adapters on exactly these modules.
        reader.Check(settings.LoraModules.ToHashSet().SetEquals(LoraShapes.Targets), "lora_modules", "are others than the reference's: nothing could use the weights",
            $"[{string.Join(", ", LoraShapes.Targets)}]");
        Optimizer(reader, settings);
        reader.Check(settings.Kind == TrainKind.Lora || settings.MixedPrecision == MixedPrecision.No, "mixed_precision",
            "is bf16, but a model that is trained from scratch has no frozen weights", "no");
        reader.Check(settings.Kind == TrainKind.Lora || settings.LoraInit is null, "lora_init", "is given, but a model that is trained from scratch has no adapters", "~");
    }

    private static void Optimizer(ConfigReader<TrainSettings> reader, TrainSettings settings)
    {
        var options = settings.OptimizerOptions;
        bool adam = settings.OptimizerType == OptimizerKind.Adam;
        (string Name, bool Given, bool ForAdam)[] own =
            [("betas", options.Betas is not null, true), ("alpha", options.Alpha is not null, false), ("momentum", options.Momentum is not null, false)];
        foreach (var (name, given, forAdam) in own)
            reader.Check(!given || forAdam == adam, Options + name, $"is no option of {(adam ? "adam" : "rmsprop")}",
                adam ? "betas, eps, weight_decay; or set optimizer_type: rmsprop" : "alpha, momentum, eps, weight_decay; or set optimizer_type: adam");
    }
}
