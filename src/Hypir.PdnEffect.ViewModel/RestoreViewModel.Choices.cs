using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Settings;
using Hypir.PdnEffect.ViewModel.Texts;

namespace Hypir.PdnEffect.ViewModel;

/// <content>Presets, and what is kept from one start to the next.</content>
public sealed partial class RestoreViewModel
{
    private UserSettings _kept = new();
    private Preset? _chosen;

    /// <summary>Presets: those that come with the dialog, then the person's own.</summary>
    public IReadOnlyList<Preset> Presets => [.. Preset.Given, .. _kept.Presets];

    /// <summary>
    /// The preset that the settings are, or null. Of several that hold the same it is the one that was chosen or kept last.
    /// </summary>
    public Preset? Current =>
        Presets.Where(preset => preset.Is(Settings, Strength)).OrderByDescending(preset => preset == _chosen).FirstOrDefault();

    /// <summary>Whether the advanced settings are unfolded.</summary>
    public bool Advanced => _kept.Advanced;

    /// <summary>Reads what was kept.</summary>
    /// <param name="fresh">Whether settings are taken over too: this is the first dialog since the editor's start.</param>
    public void LoadSaved(bool fresh)
    {
        _kept = _file?.Load() ?? new();
        if (fresh)
            (Settings, Strength) = (_kept.Settings, _kept.Strength);
        Changed();
    }

    /// <summary>A preset's name for people.</summary>
    /// <param name="preset">The preset.</param>
    public string NameOf(Preset preset) => Preset.Given.Contains(preset) ? Words[Enum.Parse<Phrase>(preset.Name)] : preset.Name;

    /// <summary>Whether a preset is the person's own, and can be deleted.</summary>
    /// <param name="preset">The preset, or null.</param>
    public bool IsOwn(Preset? preset) => preset is not null && _kept.Presets.Contains(preset);

    /// <summary>Takes a preset's settings.</summary>
    /// <param name="preset">The preset.</param>
    public void ApplyPreset(Preset preset)
    {
        _chosen = preset;
        Blend(preset.Strength);
        Choose(preset.Apply(Settings));
        Changed();
    }

    /// <summary>Keeps the settings under a name; one of that name is replaced.</summary>
    /// <param name="name">The name; blank for nothing to be kept.</param>
    public void SavePreset(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return;
        name = name.Trim();
        var preset = new Preset(name, Strength, Settings.CoeffT, Settings with { Prompt = "", Seed = new RestorationSettings().Seed });
        _chosen = preset;
        Keep(_kept with { Presets = [.. _kept.Presets.Where(other => other.Name != name), preset] });
    }

    /// <summary>Deletes one of the person's own presets.</summary>
    /// <param name="preset">The preset.</param>
    public void DeletePreset(Preset preset) => Keep(_kept with { Presets = [.. _kept.Presets.Where(other => other != preset)] });

    /// <summary>Folds the advanced settings, or unfolds them.</summary>
    /// <param name="unfolded">Whether they show.</param>
    public void Unfold(bool unfolded)
    {
        if (unfolded != Advanced)
            Keep(_kept with { Advanced = unfolded });
    }

    /// <summary>Keeps the settings of now for the editor's next start.</summary>
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
