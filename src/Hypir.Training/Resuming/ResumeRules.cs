using static Hypir.Training.Resuming.ResumeRule;

namespace Hypir.Training.Resuming;

/// <summary>The one table of what a run that continues may change. docs/training.md shows it.</summary>
internal static class ResumeRules
{
    private const string Train = "data_config.train.", Meta = Train + "dataset.params.file_meta.";

    /// <summary>The keys with a rule of their own. Every other key shapes what is learned: <see cref="Confirm"/>.</summary>
    public static IReadOnlyDictionary<string, ResumeRule> Table { get; } = new Dictionary<string, ResumeRule>(StringComparer.Ordinal)
    {
        // Places: a run may be moved. The files themselves are compared by content.
        ["output_dir"] = Free,
        ["base_model_path"] = Free,
        ["discriminator_tower"] = Free,
        ["lpips_vgg"] = Free,
        ["lpips_lins"] = Free,
        [Meta + "file_list"] = Free,
        [Meta + "image_path_prefix"] = Free,
        [Meta + "image_path_key"] = Free,
        [Meta + "prompt_key"] = Free,

        // Where to begin and when to end.
        ["resume_from_checkpoint"] = Free,
        ["resume_ema"] = Free,
        ["max_train_steps"] = Free,

        // What is kept, logged and measured.
        ["logging_dir"] = Free,
        ["report_to"] = Free,
        ["checkpointing_steps"] = Free,
        ["checkpoints_total_limit"] = Free,
        ["log_image_steps"] = Free,
        ["log_grad_steps"] = Free,
        ["log_grad_modules"] = Free,
        ["validation_path"] = Free,
        ["validation_steps"] = Free,

        // How it is computed: the same in exact arithmetic.
        ["device"] = Free,
        ["gradient_checkpointing"] = Free,
        [Train + "dataloader_num_workers"] = Free,

        // Averages and a discriminator that were never trained cannot be restored.
        ["use_ema"] = OnlyOff,
        ["lambda_gan"] = OnlyOff,

        // Shapes of what is restored.
        ["train"] = Never,
        ["lora_rank"] = Never,
        ["lora_modules"] = Never,
        ["optimizer_type"] = Never,
        ["discriminator_channels"] = Never,
    };

    /// <summary>The rule of a key for one change.</summary>
    /// <param name="key">The key with all above it.</param>
    /// <param name="before">Its value in the checkpoint.</param>
    public static ResumeRule Of(string key, string before) => Table.GetValueOrDefault(key, Confirm) switch
    {
        OnlyOff => before is "false" or "0" ? Never : Confirm,
        var rule => rule,
    };
}

/// <summary>What happens when a setting differs from the one that a checkpoint was saved with.</summary>
internal enum ResumeRule
{
    /// <summary>It is taken over: what the run learns does not depend on it, or what it names is compared by content.</summary>
    Free,

    /// <summary>It must be confirmed: the run learns something else from now on.</summary>
    Confirm,

    /// <summary>It may be turned off, which must be confirmed, but not on: the checkpoint has nothing to continue from.</summary>
    OnlyOff,

    /// <summary>It is refused: the checkpoint's tensors would not fit.</summary>
    Never,
}

/// <summary>Something that is not what it was when a checkpoint was saved.</summary>
/// <param name="Key">A key of the configuration, or what was compared by content.</param>
/// <param name="Before">Its value in the checkpoint.</param>
/// <param name="Now">Its value now.</param>
internal sealed record ResumeChange(string Key, string Before, string Now)
{
    /// <summary>What is to happen.</summary>
    public ResumeRule Rule => ResumeRules.Of(Key, Before);

    /// <summary>As people read it.</summary>
    public override string ToString() => $"{Key}: {Before} → {Now}";
}
