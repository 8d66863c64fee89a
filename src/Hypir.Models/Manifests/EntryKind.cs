namespace Hypir.Models.Manifests;

/// <summary>What an entry is good for.</summary>
public enum EntryKind
{
    /// <summary>A whole model: it can be chosen as it is.</summary>
    Base,

    /// <summary>LoRA weights on a base: together they can be chosen.</summary>
    Lora,

    /// <summary>Weights that only training needs.</summary>
    Training,
}
