using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Texts;

namespace Hypir.PdnEffect.ViewModel.Settings;

/// <summary>Settings with a name. Prompt and seed belong to a picture, and are no part of one.</summary>
/// <param name="Name">Its name; of those that come with the dialog, their phrase's.</param>
/// <param name="Strength">Per cent.</param>
/// <param name="CoeffT">Timestep, or null for the model's own.</param>
/// <param name="All">Everything else, or null where it is left as it is.</param>
public sealed record Preset(string Name, int Strength, int? CoeffT, RestorationSettings? All = null)
{
    /// <summary>Those that come with the dialog.</summary>
    public static IReadOnlyList<Preset> Given { get; } =
    [
        new(nameof(Phrase.PresetGentle), 60, 150),
        new(nameof(Phrase.PresetStandard), 100, null),
        new(nameof(Phrase.PresetStrong), 100, 300),
    ];

    /// <summary>The settings with this preset.</summary>
    /// <param name="settings">The settings before.</param>
    public RestorationSettings Apply(RestorationSettings settings) => (All ?? settings) with { CoeffT = CoeffT, Prompt = settings.Prompt, Seed = settings.Seed };

    /// <summary>Whether settings are already as this preset makes them.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="strength">Per cent.</param>
    public bool Is(RestorationSettings settings, int strength) => strength == Strength && Apply(settings) == settings;
}
