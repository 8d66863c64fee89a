using Hypir.PdnEffect.ViewModel.Results;

namespace Hypir.PdnEffect.ViewModel.Settings;

/// <summary>What is kept of a person's choices from one start of the editor to the next. The prompt is not: it says what a picture shows.</summary>
public sealed record UserSettings
{
    /// <summary>The settings of the last run.</summary>
    public RestorationSettings Settings { get; init; } = new();

    /// <summary>Per cent.</summary>
    public int Strength { get; init; } = 100;

    /// <summary>Whether the advanced settings are unfolded.</summary>
    public bool Advanced { get; init; }

    /// <summary>The person's own presets.</summary>
    public IReadOnlyList<Preset> Presets { get; init; } = [];
}
