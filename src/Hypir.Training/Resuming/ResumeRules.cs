using static Hypir.Training.Resuming.ResumeRule;

namespace Hypir.Training.Resuming;

/// <summary>The table of settings that a resumed run may change, documented in docs/training.md.</summary>
internal static class ResumeRules
{
    private const string Train = "data_config.train.", Meta = Train + "dataset.params.file_meta.";

    /// <summary>The keys with special rules. Every other key affects what is learned: <see cref="Confirm"/>.</summary>
    public static IReadOnlyDictionary<string, ResumeRule> Table { get; } = new Dictionary<string, ResumeRule>(StringComparer.Ordinal)
    {
        // Locations: a run may be moved. The files themselves are compared by content.
        ["output_dir"] = Free,
        ["base_model_path"] = Free,
        ["discriminator_tower"] = Free,
        ["lpips_vgg"] = Free,
        ["lpips_lins"] = Free,
        [Meta + "file_list"] = Free,
        [Meta + "image_path_prefix"] = Free,
        [Meta + "image_path_key"] = Free,
        [Meta + "prompt_key"] = Free,

        // Where to start and when to end.
        ["resume_from_checkpoint"] = Free,
        ["resume_ema"] = Free,
        ["max_train_steps"] = Free,

        // What is kept, logged, and measured.
        ["logging_dir"] = Free,
        ["report_to"] = Free,
        ["checkpointing_steps"] = Free,
        ["checkpoints_total_limit"] = Free,
        ["log_image_steps"] = Free,
        ["log_grad_steps"] = Free,
        ["log_grad_modules"] = Free,
        ["validation_path"] = Free,
        ["validation_steps"] = Free,
        [Train + "photos.validation_size"] = Free,

        // How it is computed: the same in exact arithmetic.
        ["device"] = Free,
        ["gradient_checkpointing"] = Free,
        [Train + "dataloader_num_workers"] = Free,

        // An average or a discriminator that was never trained cannot be restored.
        ["use_ema"] = OnlyOff,
        ["lambda_gan"] = OnlyOff,

        // Shapes of what is restored.
        ["train"] = Never,
        ["network.family"] = Never,
        ["network.features"] = Never,
        ["network.blocks"] = Never,
        ["lora_rank"] = Never,
        ["lora_modules"] = Never,
        ["optimizer_type"] = Never,
        ["discriminator_channels"] = Never,
    };

    /// <summary>The rule of a key for one change.</summary>
    /// <param name="key">The full key.</param>
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
    /// <summary>Accepted: what the run learns does not depend on it, or its target is compared by content.</summary>
    Free,

    /// <summary>Must be confirmed: the run learns something else from now on.</summary>
    Confirm,

    /// <summary>May be turned off, if confirmed, but not on: the checkpoint has nothing to continue from.</summary>
    OnlyOff,

    /// <summary>Refused: the checkpoint's tensors would not fit.</summary>
    Never,
}

/// <summary>A difference from the state when a checkpoint was saved.</summary>
/// <param name="Key">A key of the configuration, or the name of something compared by content.</param>
/// <param name="Before">Its value in the checkpoint.</param>
/// <param name="Now">Its value now.</param>
internal sealed record ResumeChange(string Key, string Before, string Now)
{
    /// <summary>The rule for this change.</summary>
    public ResumeRule Rule => ResumeRules.Of(Key, Before);

    /// <summary>The change as text.</summary>
    public override string ToString() => $"{Key}: {Before} → {Now}";
}
