using Hypir.Networks.Lora;
using Hypir.Networks.Losses;
using Hypir.Training.Loop;

namespace Hypir.Training.Config;

/// <summary>
/// Every key of a training file outside the data section, in the order of the reference's <c>sd2_train.yaml</c>, followed by our own.
/// </summary>
internal static class TrainKeys
{
    private const string Steps = "a whole number above 0";

    private static readonly ConfigValue<long> Positive = ConfigValues.Whole(1, int.MaxValue, Steps);
    private static readonly ConfigValue<double> Weight = ConfigValues.Number(0, 1e6, "a number of 0 or more");
    private static readonly ConfigValue<double> Rate = ConfigValues.Number(1e-12, 1, "a number above 0 and at most 1");
    private static readonly ConfigValue<double> Decay = ConfigValues
        .Number(0, 1, "a number from 0 to below 1")
        .Where(value => value < 1, "a number from 0 to below 1");
    private static readonly ConfigValue<long> Timestep = ConfigValues.Whole(0, 999, "a whole number from 0 to 999");

    /// <summary>The keys of the reference's file.</summary>
    private static readonly IReadOnlyList<ConfigKey<TrainSettings>> Reference =
    [
        Path("output_dir", "the run's folder", train => train.OutputDirectory, (train, value) => train with { OutputDirectory = value }),
        ConfigKey.Of<TrainSettings, string>(
            "base_model_type", "the family; sd2 is the one there is", ConfigValues.Text.Where(value => value == "sd2", "sd2"), _ => "sd2",
            (train, _) => train),
        Path(
            "base_model_path", "the model's folder, or its name in `hypir models list`", train => train.BaseModelPath,
            (train, value) => train with { BaseModelPath = value }),
        ConfigKey.Of<TrainSettings, long>(
            "model_t", "timestep passed to the UNet", Timestep, train => train.ModelT,
            (train, value) => train with { ModelT = (int)value }),
        ConfigKey.Of<TrainSettings, long>(
            "coeff_t", "timestep whose coefficients give x0", Timestep, train => train.CoeffT,
            (train, value) => train with { CoeffT = (int)value }),
        ConfigKey.Of<TrainSettings, long>(
            "lora_rank", "rank of the adapters", ConfigValues.Whole(1, 4096, "a whole number from 1 to 4096"), train => train.LoraRank,
            (train, value) => train with { LoraRank = (int)value }),
        ConfigKey.Of<TrainSettings, IReadOnlyList<string>>(
            "lora_modules", "modules that get adapters, by the ends of their names", ConfigValues.Texts(1), train => train.LoraModules,
            (train, value) => train with { LoraModules = value }),
        ConfigKey.Of<TrainSettings, bool>(
            "use_ema", "whether to keep a moving average", ConfigValues.Flag, train => train.UseEma,
            (train, value) => train with { UseEma = value }),
        ConfigKey.Of<TrainSettings, double>(
            "ema_decay", "its decay", Decay, train => train.EmaDecay, (train, value) => train with { EmaDecay = value }),
        ConfigKey.Of<TrainSettings, bool>(
            "resume_ema", "whether to resume it from the checkpoint", ConfigValues.Flag, train => train.ResumeEma,
            (train, value) => train with { ResumeEma = value }),
        ConfigKey.Of<TrainSettings, double>(
            "lambda_gan", "weight of the discriminator's loss; 0 for no discriminator", Weight, train => train.LambdaGan,
            (train, value) => train with { LambdaGan = value }),
        ConfigKey.Of<TrainSettings, double>(
            "lambda_lpips", "weight of LPIPS; 0 for none", Weight, train => train.LambdaLpips,
            (train, value) => train with { LambdaLpips = value }),
        ConfigKey.Of<TrainSettings, double>(
            "lambda_l2", "weight of the mean squared difference", Weight, train => train.LambdaL2,
            (train, value) => train with { LambdaL2 = value }),
        ConfigKey.Of<TrainSettings, double>(
            "lr_G", "learning rate of the generator", Rate, train => train.LearningRateG,
            (train, value) => train with { LearningRateG = value }),
        ConfigKey.Of<TrainSettings, double>(
            "lr_D", "learning rate of the discriminator", Rate, train => train.LearningRateD,
            (train, value) => train with { LearningRateD = value }),
        ConfigKey.Of<TrainSettings, OptimizerKind>(
            "optimizer_type", $"{ConfigValues.Names<OptimizerKind>()}: adam is AdamW", ConfigValues.Choice<OptimizerKind>(),
            train => train.OptimizerType, (train, value) => train with { OptimizerType = value }),
        ConfigKey.Of<TrainSettings, MixedPrecision>(
            "mixed_precision", "type of frozen weights: no is float32", ConfigValues.Choice<MixedPrecision>(),
            train => train.MixedPrecision, (train, value) => train with { MixedPrecision = value }),
        ConfigKey.Of<TrainSettings, long>(
            "max_train_steps", "steps of the run", Positive, train => train.MaxTrainSteps,
            (train, value) => train with { MaxTrainSteps = (int)value }),
        ConfigKey.Of<TrainSettings, long>(
            "gradient_accumulation_steps", "batches whose gradients are summed", Positive, train => train.GradientAccumulationSteps,
            (train, value) => train with { GradientAccumulationSteps = (int)value }),
        ConfigKey.Of<TrainSettings, bool>(
            "gradient_checkpointing", "whether to recompute activations instead of keeping them", ConfigValues.Flag,
            train => train.GradientCheckpointing, (train, value) => train with { GradientCheckpointing = value }),
        ConfigKey.Of<TrainSettings, double>(
            "max_grad_norm", "norm that gradients are clipped to", ConfigValues.Number(1e-9, 1e9, "a number above 0"),
            train => train.MaxGradNorm, (train, value) => train with { MaxGradNorm = value }),
        ConfigKey.Of<TrainSettings, string>(
            "logging_dir", "folder of the logs, below output_dir", ConfigValues.Text, train => train.LoggingDirectory,
            (train, value) => train with { LoggingDirectory = value }),
        ConfigKey.Of<TrainSettings, string?>(
            "report_to", "tensorboard, or ~ for none",
            ConfigValues.TextOrNone.Where(value => value is null or "tensorboard", "tensorboard or ~"), train => train.ReportTo,
            (train, value) => train with { ReportTo = value }),
        ConfigKey.Of<TrainSettings, long>(
            "checkpointing_steps", "steps between checkpoints", Positive, train => train.CheckpointingSteps,
            (train, value) => train with { CheckpointingSteps = (int)value }),
        ConfigKey.Of<TrainSettings, long?>(
            "checkpoints_total_limit", "checkpoints kept in addition to the best; ~ for all", ConfigValues.OrNone(Positive),
            train => train.CheckpointsTotalLimit, (train, value) => train with { CheckpointsTotalLimit = (int?)value }),
        ConfigKey.Of<TrainSettings, string?>(
            "resume_from_checkpoint", "a checkpoint's folder, or latest; ~ resumes the run's own newest", ConfigValues.TextOrNone,
            train => train.ResumeFromCheckpoint, (train, value) => train with { ResumeFromCheckpoint = value }),
        ConfigKey.Of<TrainSettings, long>(
            "log_image_steps", "steps between images in the log", Positive, train => train.LogImageSteps,
            (train, value) => train with { LogImageSteps = (int)value }),
        ConfigKey.Of<TrainSettings, long>(
            "log_grad_steps", "steps between gradient norms in the log", Positive, train => train.LogGradSteps,
            (train, value) => train with { LogGradSteps = (int)value }),
        ConfigKey.Of<TrainSettings, IReadOnlyList<string>>(
            "log_grad_modules", "modules whose gradient norms are logged, by the ends of their names", ConfigValues.Texts(0),
            train => train.LogGradModules, (train, value) => train with { LogGradModules = value }),
    ];

    /// <summary>Keys that the reference lacks.</summary>
    private static readonly IReadOnlyList<ConfigKey<TrainSettings>> Ours =
    [
        ConfigKey.Of<TrainSettings, TrainKind>(
            "train",
            $"{ConfigValues.Names<TrainKind>()}: adapters, all of a small model, or a single-pass network",
            ConfigValues.Choice<TrainKind>(), train => train.Kind, (train, value) => train with { Kind = value }),
        ConfigKey.Of<TrainSettings, InitialWeights>(
            "initial_weights", $"{ConfigValues.Names<InitialWeights>()}: what a new model begins as",
            ConfigValues.Choice<InitialWeights>(), train => train.InitialWeights, (train, value) => train with { InitialWeights = value }),
        ConfigKey.Of<TrainSettings, string?>(
            "lora_init", "LoRA weights to start from; ~ for random ones", ConfigValues.TextOrNone, train => train.LoraInit,
            (train, value) => train with { LoraInit = value }),
        ConfigKey.Of<TrainSettings, TrainingSchedule>(
            "schedule", $"{ConfigValues.Names<TrainingSchedule>()}: one network a batch, or both", ConfigValues.Choice<TrainingSchedule>(),
            train => train.Schedule, (train, value) => train with { Schedule = value }),
        ConfigKey.Of<TrainSettings, AdversarialKind>(
            "gan_loss", ConfigValues.Names<AdversarialKind>(), ConfigValues.Choice<AdversarialKind>(), train => train.GanLoss,
            (train, value) => train with { GanLoss = value }),
        ConfigKey.Of<TrainSettings, string?>(
            "discriminator_tower", "weights of the discriminator's image tower, a file or folder; ~ for those of `hypir models`",
            ConfigValues.TextOrNone, train => train.DiscriminatorTower, (train, value) => train with { DiscriminatorTower = value }),
        ConfigKey.Of<TrainSettings, string?>(
            "discriminator_decoder", "weights of its decoder to start from; ~ for random ones", ConfigValues.TextOrNone,
            train => train.DiscriminatorDecoder, (train, value) => train with { DiscriminatorDecoder = value }),
        ConfigKey.Of<TrainSettings, long>(
            "discriminator_channels", "channels inside a random decoder's heads",
            ConfigValues.Whole(1, 65536, "a whole number from 1 to 65536"), train => train.DiscriminatorChannels,
            (train, value) => train with { DiscriminatorChannels = (int)value }),
        ConfigKey.Of<TrainSettings, string?>(
            "lpips_vgg", "weights of VGG16 for LPIPS; ~ for those of `hypir models`", ConfigValues.TextOrNone, train => train.LpipsVgg,
            (train, value) => train with { LpipsVgg = value }),
        ConfigKey.Of<TrainSettings, string?>(
            "lpips_lins", "weights of LPIPS' linear layers; ~ for those of `hypir models`", ConfigValues.TextOrNone,
            train => train.LpipsLins, (train, value) => train with { LpipsLins = value }),
        ConfigKey.Of<TrainSettings, double>(
            "lambda_l1", "weight of the mean absolute difference", Weight, train => train.LambdaL1,
            (train, value) => train with { LambdaL1 = value }),
        ConfigKey.Of<TrainSettings, double>(
            "lambda_charbonnier", "weight of the Charbonnier loss", Weight, train => train.LambdaCharbonnier,
            (train, value) => train with { LambdaCharbonnier = value }),
        ConfigKey.Of<TrainSettings, double>(
            "lambda_psnr", "weight of the logarithm of the mean squared difference", Weight, train => train.LambdaPsnr,
            (train, value) => train with { LambdaPsnr = value }),
        ConfigKey.Of<TrainSettings, double>(
            "lambda_frequency", "weight of the difference of spectra", Weight, train => train.LambdaFrequency,
            (train, value) => train with { LambdaFrequency = value }),
        ConfigKey.Of<TrainSettings, LearningRateSchedule>(
            "lr_schedule", ConfigValues.Names<LearningRateSchedule>(), ConfigValues.Choice<LearningRateSchedule>(),
            train => train.LearningRateSchedule, (train, value) => train with { LearningRateSchedule = value }),
        ConfigKey.Of<TrainSettings, long>(
            "lr_warmup_steps", "steps in which the rates grow from nothing",
            ConfigValues.Whole(0, int.MaxValue, "a whole number of 0 or more"), train => train.WarmupSteps,
            (train, value) => train with { WarmupSteps = (int)value }),
        ConfigKey.Of<TrainSettings, string>(
            "device", "cpu, cuda, cuda:1 …, or auto", ConfigValues.Text.Where(IsDevice, "cpu, cuda, cuda:0, cuda:1 …, or auto"),
            train => train.Device, (train, value) => train with { Device = value }),
        ConfigKey.Of<TrainSettings, string?>(
            "validation_path", "folder of clean images to measure with; ~ for none", ConfigValues.TextOrNone,
            train => train.ValidationPath, (train, value) => train with { ValidationPath = value }),
        ConfigKey.Of<TrainSettings, long>(
            "validation_steps", "steps between measurements", Positive, train => train.ValidationSteps,
            (train, value) => train with { ValidationSteps = (int)value }),
    ];

    private static readonly ConfigSection<TrainSettings> OptimizerOptions = new ConfigSection<OptimizerKeywords>(
        "opt_kwargs",
        [
            ConfigKey.Of<OptimizerKeywords, IReadOnlyList<double>?>(
                "betas", "adam: decay of the two moments",
                ConfigValues.Pair(value => value is >= 0 and < 1, "two numbers from 0 to below 1"), options => options.Betas,
                (options, value) => options with { Betas = value }),
            ConfigKey.Of<OptimizerKeywords, double?>(
                "alpha", "rmsprop: decay of the squares", ConfigValues.OrNone(Decay), options => options.Alpha,
                (options, value) => options with { Alpha = value }),
            ConfigKey.Of<OptimizerKeywords, double?>(
                "momentum", "rmsprop: momentum", ConfigValues.OrNone(Decay), options => options.Momentum,
                (options, value) => options with { Momentum = value }),
            ConfigKey.Of<OptimizerKeywords, double?>(
                "eps", "what is added to the root", ConfigValues.OrNone(Rate), options => options.Epsilon,
                (options, value) => options with { Epsilon = value }),
            ConfigKey.Of<OptimizerKeywords, double?>(
                "weight_decay", "weight decay", ConfigValues.OrNone(Weight), options => options.WeightDecay,
                (options, value) => options with { WeightDecay = value }),
        ],
        [],
        []
    ).Within<TrainSettings>(train => train.OptimizerOptions, (train, options) => train with { OptimizerOptions = options });

    /// <summary>The whole file for commands that only need the data settings: all other keys are recognized but ignored.</summary>
    public static ConfigSection<DataSettings> DataFile { get; } =
        DataKeys.File with
        {
            Others =
            [
                .. Reference.Select(key => key.Name), .. Ours.Select(key => key.Name), OptimizerOptions.Name, NetworkKeys.Section.Name,
            ],
        };

    /// <summary>The whole file.</summary>
    public static ConfigSection<TrainSettings> File { get; } =
        Whole(DataKeys.File.Within<TrainSettings>(train => train.Data, (train, data) => train with { Data = data }));

    private static ConfigSection<TrainSettings> Whole(ConfigSection<TrainSettings> data) =>
        new("", [.. Reference, .. data.Keys, .. Ours], [OptimizerOptions, NetworkKeys.Section, .. data.Sections], []);

    private static ConfigKey<TrainSettings> Path(
        string name, string summary, Func<TrainSettings, string?> get, Func<TrainSettings, string?, TrainSettings> set) =>
        ConfigKey.Of(
            name, summary, ConfigValues.Text, train => get(train) ?? ConfigKey.Unset,
            (TrainSettings train, string value) => set(train, value == ConfigKey.Unset ? null : value));

    private static bool IsDevice(string text) =>
        text is "auto" or "cpu" or "cuda" || (text.StartsWith("cuda:", StringComparison.Ordinal) && byte.TryParse(text.AsSpan(5), out _));
}

/// <summary>Checks combinations of several values in a training file.</summary>
internal static class TrainRules
{
    private const string Options = "opt_kwargs.";

    /// <summary>Reports every problem to the reader.</summary>
    public static void Check(ConfigReader<TrainSettings> reader, TrainSettings settings)
    {
        reader.Check(settings.OutputDirectory is not null, "output_dir", "is not filled in", "the folder for the run to write");
        reader.Check(
            settings.BaseModelPath is not null || settings.Kind == TrainKind.SinglePass, "base_model_path", "is not filled in",
            "the folder of a model in diffusers layout, or a name of `hypir models list`");
        reader.Check(
            settings.Data.Manifest.FileList is not null, "data_config.train.dataset.params.file_meta.file_list", "is not filled in",
            "a folder of images, or a list of them (.parquet, .csv, .jsonl, .txt)");
        bool any = settings is not
        {
            LambdaGan: 0, LambdaLpips: 0, LambdaL2: 0, LambdaL1: 0, LambdaCharbonnier: 0, LambdaFrequency: 0, LambdaPsnr: 0,
        };
        reader.Check(
            any, "lambda_l2", "and every other loss weight is 0: there would be nothing to train on", "at least one lambda above 0");
        reader.Check(
            settings.Data.Degradation is { ResizeBack: true } or { Stage2Scale: { Low: 1, High: 1 } },
            "data_config.train.batch_transform.params.resize_back", "is false: degraded images would be smaller than their targets",
            "true, or a stage2_scale of 1");
        reader.Check(
            settings.Data.Crop.Size % 8 == 0, "data_config.train.dataset.params.out_size", $"is {settings.Data.Crop.Size}",
            "a multiple of 8");
        // Other programs, and our own restorer, expect adapters on exactly these modules.
        reader.Check(
            settings.LoraModules.ToHashSet().SetEquals(LoraShapes.Targets), "lora_modules",
            "differ from the reference's: no program could use the weights", $"[{string.Join(", ", LoraShapes.Targets)}]");
        Optimizer(reader, settings);
        NetworkKeys.Check(reader, settings);
        reader.Check(
            settings.Kind == TrainKind.Lora || settings.MixedPrecision == MixedPrecision.No, "mixed_precision",
            "is bf16, but a model that is trained from scratch has no frozen weights", "no");
        reader.Check(
            settings.Kind == TrainKind.Lora || settings.LoraInit is null, "lora_init",
            "is given, but a model that is trained from scratch has no adapters", "~");
    }

    private static void Optimizer(ConfigReader<TrainSettings> reader, TrainSettings settings)
    {
        var options = settings.OptimizerOptions;
        bool adam = settings.OptimizerType == OptimizerKind.Adam;
        (string Name, bool Given, bool ForAdam)[] own =
        [
            ("betas", options.Betas is not null, true), ("alpha", options.Alpha is not null, false),
            ("momentum", options.Momentum is not null, false),
        ];
        foreach (var (name, given, forAdam) in own)
            reader.Check(
                !given || forAdam == adam,
                Options + name,
                $"is not an option of {(adam ? "adam" : "rmsprop")}",
                adam
                    ? "betas, eps, weight_decay; or set optimizer_type: rmsprop"
                    : "alpha, momentum, eps, weight_decay; or set optimizer_type: adam"
            );
    }
}
