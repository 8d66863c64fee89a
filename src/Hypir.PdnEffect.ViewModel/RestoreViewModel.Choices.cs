using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Settings;
using Hypir.PdnEffect.ViewModel.Texts;

namespace Hypir.PdnEffect.ViewModel;

/// <content>Presets, and settings saved between sessions.</content>
public sealed partial class RestoreViewModel
{
    private UserSettings _kept = new();
    private Preset? _chosen;

    /// <summary>All presets: the built-in ones, then the user's own.</summary>
    public IReadOnlyList<Preset> Presets => [.. Preset.Given, .. _kept.Presets];

    /// <summary>
    /// The preset that matches the settings, or null. If several match, the one chosen or saved last.
    /// </summary>
    public Preset? Current =>
        Presets.Where(preset => preset.Is(Settings, Strength)).OrderByDescending(preset => preset == _chosen).FirstOrDefault();

    /// <summary>Whether the advanced settings are expanded.</summary>
    public bool Advanced => _kept.Advanced;

    /// <summary>Loads the saved settings.</summary>
    /// <param name="fresh">Whether to apply the saved settings too: true for the first dialog since the editor started.</param>
    public void LoadSaved(bool fresh)
    {
        _kept = _file?.Load() ?? new();
        if (fresh)
            (Settings, Strength) = (_kept.Settings, _kept.Strength);
        Changed();
    }

    /// <summary>A preset's display name.</summary>
    /// <param name="preset">The preset.</param>
    public string NameOf(Preset preset) => Preset.Given.Contains(preset) ? Words[Enum.Parse<Phrase>(preset.Name)] : preset.Name;

    /// <summary>Whether a preset is the user's own and can be deleted.</summary>
    /// <param name="preset">The preset, or null.</param>
    public bool IsOwn(Preset? preset) => preset is not null && _kept.Presets.Contains(preset);

    /// <summary>Applies a preset's settings.</summary>
    /// <param name="preset">The preset.</param>
    public void ApplyPreset(Preset preset)
    {
        _chosen = preset;
        Blend(preset.Strength);
        Choose(preset.Apply(Settings));
        Changed();
    }

    /// <summary>Saves the settings as a preset, replacing one of the same name.</summary>
    /// <param name="name">The name; nothing is saved if it is blank.</param>
    public void SavePreset(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return;
        name = name.Trim();
        var preset = new Preset(name, Strength, Settings.CoeffT, Settings with { Prompt = "", Seed = new RestorationSettings().Seed });
        _chosen = preset;
        Keep(_kept with { Presets = [.. _kept.Presets.Where(other => other.Name != name), preset] });
    }

    /// <summary>Deletes one of the user's own presets.</summary>
    /// <param name="preset">The preset.</param>
    public void DeletePreset(Preset preset) => Keep(_kept with { Presets = [.. _kept.Presets.Where(other => other != preset)] });

    /// <summary>Collapses or expands the advanced settings.</summary>
    /// <param name="unfolded">Whether to show them.</param>
    public void Unfold(bool unfolded)
    {
        if (unfolded != Advanced)
            Keep(_kept with { Advanced = unfolded });
    }

    /// <summary>Saves the current settings for the next session.</summary>
    public void Remember() => Keep(_kept with { Settings = Settings, Strength = Strength });

    private void Keep(UserSettings settings)
    {
        if (settings == _kept)
            return;
        _kept = settings;
        _file?.Save(settings);
        Changed();
    }
}
