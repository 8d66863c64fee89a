using Hypir.Networks.Lora;
using Hypir.Networks.Losses;
using Hypir.Training.Loop;

namespace Hypir.Training.Config;

/// <summary>
/// The settings of a training run. Defaults are the reference's; settings that the reference lacks default to no effect.
/// </summary>
public sealed record TrainSettings
{
    /// <summary>Where images come from and how they are degraded.</summary>
    public DataSettings Data { get; init; } = new();

    /// <summary>The run's folder; null if not filled in.</summary>
    public string? OutputDirectory { get; init; }

    /// <summary>The model's folder; its weights are not read when training from scratch. Null if not filled in.</summary>
    public string? BaseModelPath { get; init; }

    /// <summary>What is trained.</summary>
    public TrainKind Kind { get; init; } = TrainKind.Lora;

    /// <summary>The single-pass network that is trained.</summary>
    public NetworkSettings Network { get; init; } = new();

    /// <summary>What a model that is trained from scratch begins as.</summary>
    public InitialWeights InitialWeights { get; init; }

    /// <summary>Timestep passed to the UNet.</summary>
    public int ModelT { get; init; } = 200;

    /// <summary>Timestep whose coefficients turn its prediction into x0.</summary>
    public int CoeffT { get; init; } = 200;

    /// <summary>Rank of the adapters.</summary>
    public int LoraRank { get; init; } = 256;

    /// <summary>Names, or ends of names, of the modules that get adapters.</summary>
    public IReadOnlyList<string> LoraModules { get; init; } = LoraShapes.Targets;

    /// <summary>LoRA weights to start from; null for random ones. A different rank is truncated or padded.</summary>
    public string? LoraInit { get; init; }

    /// <summary>Whether a moving average of what is trained is kept.</summary>
    public bool UseEma { get; init; } = true;

    /// <summary>Its decay.</summary>
    public double EmaDecay { get; init; } = 0.999;

    /// <summary>Whether a resumed run loads the average from the checkpoint; otherwise it restarts from the weights.</summary>
    public bool ResumeEma { get; init; } = true;

    /// <summary>Weight of the discriminator's loss; 0: there is no discriminator.</summary>
    public double LambdaGan { get; init; } = 0.5;

    /// <summary>Weight of LPIPS; 0: its network is not needed.</summary>
    public double LambdaLpips { get; init; } = 5;

    /// <summary>Weight of the mean squared difference.</summary>
    public double LambdaL2 { get; init; } = 1;

    /// <summary>Weight of the mean absolute difference.</summary>
    public double LambdaL1 { get; init; }

    /// <summary>Weight of the Charbonnier loss.</summary>
    public double LambdaCharbonnier { get; init; }

    /// <summary>Weight of the logarithm of the mean squared difference.</summary>
    public double LambdaPsnr { get; init; }

    /// <summary>Weight of the difference of spectra.</summary>
    public double LambdaFrequency { get; init; }

    /// <summary>How the discriminator's outputs become losses.</summary>
    public AdversarialKind GanLoss { get; init; }

    /// <summary>How generator and discriminator take turns.</summary>
    public TrainingSchedule Schedule { get; init; }

    /// <summary>Weights of the discriminator's image tower, a file or folder; null for those in the store of models.</summary>
    public string? DiscriminatorTower { get; init; }

    /// <summary>Weights of the discriminator's decoder to start from; null for random ones.</summary>
    public string? DiscriminatorDecoder { get; init; }

    /// <summary>Channels inside a random decoder's heads.</summary>
    public int DiscriminatorChannels { get; init; } = 512;

    /// <summary>Weights of VGG16 for LPIPS; null for those in the store of models.</summary>
    public string? LpipsVgg { get; init; }

    /// <summary>Weights of LPIPS' linear layers; null for those in the store of models.</summary>
    public string? LpipsLins { get; init; }

    /// <summary>Learning rate of the generator.</summary>
    public double LearningRateG { get; init; } = 1e-5;

    /// <summary>Learning rate of the discriminator.</summary>
    public double LearningRateD { get; init; } = 1e-5;

    /// <summary>How the rates change.</summary>
    public LearningRateSchedule LearningRateSchedule { get; init; }

    /// <summary>Generator steps in which the rates grow linearly from 0.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>The rule that moves weights.</summary>
    public OptimizerKind OptimizerType { get; init; }

    /// <summary>Its options.</summary>
    public OptimizerKeywords OptimizerOptions { get; init; } = new();

    /// <summary>Type of frozen weights.</summary>
    public MixedPrecision MixedPrecision { get; init; } = MixedPrecision.Bf16;

    /// <summary>cpu, cuda, cuda:1 …, or auto.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Steps of the run.</summary>
    public int MaxTrainSteps { get; init; } = 30000;

    /// <summary>Batches whose gradients are summed before weights move.</summary>
    public int GradientAccumulationSteps { get; init; } = 1;

    /// <summary>Whether activations are recomputed in the backward pass, which saves memory and costs time.</summary>
    public bool GradientCheckpointing { get; init; } = true;

    /// <summary>Norm that gradients are clipped to.</summary>
    public double MaxGradNorm { get; init; } = 1;

    /// <summary>Folder of the logs, below the run's.</summary>
    public string LoggingDirectory { get; init; } = "logs";

    /// <summary>"tensorboard", or null for none.</summary>
    public string? ReportTo { get; init; } = "tensorboard";

    /// <summary>Steps between checkpoints.</summary>
    public int CheckpointingSteps { get; init; } = 500;

    /// <summary>Checkpoints kept in addition to the best; null for all.</summary>
    public int? CheckpointsTotalLimit { get; init; } = 2;

    /// <summary>A checkpoint's folder, "latest", or null for the newest in the run's own folder, if any.</summary>
    public string? ResumeFromCheckpoint { get; init; }

    /// <summary>Steps between images in the log.</summary>
    public int LogImageSteps { get; init; } = 100;

    /// <summary>Steps between gradient norms in the log.</summary>
    public int LogGradSteps { get; init; } = 100;

    /// <summary>Ends of names of the modules whose gradient norms are logged.</summary>
    public IReadOnlyList<string> LogGradModules { get; init; } = ["conv_out"];

    /// <summary>Folder of clean images to measure with; null for none.</summary>
    public string? ValidationPath { get; init; }

    /// <summary>Steps between such measurements.</summary>
    public int ValidationSteps { get; init; } = 500;
}

/// <summary>What is trained.</summary>
public enum TrainKind
{
    /// <summary>Low-rank adapters on a frozen UNet; the VAE is unchanged.</summary>
    Lora,

    /// <summary>All weights of UNet and VAE, from random ones: for small models.</summary>
    FromScratch,

    /// <summary>All weights of a single-pass network, from random ones.</summary>
    SinglePass,
}

/// <summary>What a model that is trained from scratch begins as.</summary>
public enum InitialWeights
{
    /// <summary>Random numbers throughout.</summary>
    Random,

    /// <summary>Random numbers, but such that the model returns its input image; for single-pass networks, and VAEs of factor 1.</summary>
    Identity,
}

/// <summary>How the learning rates change in the course of a run.</summary>
public enum LearningRateSchedule
{
    /// <summary>Constant after warm-up: the reference's.</summary>
    Constant,

    /// <summary>Down to a hundredth along half a cosine (Loshchilov and Hutter, "SGDR", 2017, without restarts).</summary>
    Cosine,
}

/// <summary>The type of frozen weights and of what is computed with them. What is trained stays in float32.</summary>
public enum MixedPrecision
{
    /// <summary>float32 throughout.</summary>
    No,

    /// <summary>bfloat16.</summary>
    Bf16,
}

/// <summary>The rule that moves weights; the reference's names.</summary>
public enum OptimizerKind
{
    /// <summary>AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019).</summary>
    Adam,

    /// <summary>RMSprop (Tieleman and Hinton, 2012).</summary>
    Rmsprop,
}

/// <summary>The reference's <c>opt_kwargs</c>. Null means torch's default for the kind of optimizer.</summary>
public sealed record OptimizerKeywords
{
    /// <summary>AdamW: decay of the two moments.</summary>
    public IReadOnlyList<double>? Betas { get; init; }

    /// <summary>RMSprop: decay of the squares.</summary>
    public double? Alpha { get; init; }

    /// <summary>RMSprop: momentum.</summary>
    public double? Momentum { get; init; }

    /// <summary>What is added to the root.</summary>
    public double? Epsilon { get; init; }

    /// <summary>Weight decay: decoupled in AdamW, added to the gradient in RMSprop.</summary>
    public double? WeightDecay { get; init; }
}
