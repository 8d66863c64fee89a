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
