using System.Text.Json;
using System.Text.Json.Serialization;
using Hypir.Core.Files;
using Hypir.PdnEffect.ViewModel.Results;
using Hypir.PdnEffect.ViewModel.Texts;

namespace Hypir.PdnEffect.ViewModel.Settings;

/// <summary>
/// Saves the user's settings in a file. A damaged file or a full disk is not reported: the dialog works without saved settings.
/// </summary>
/// <param name="path">The file.</param>
public sealed class SettingsFile(string path)
{
    private const string Name = "paint-net-effect.json";

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    /// <summary>This user's file, in Hypir's data folder.</summary>
    public static SettingsFile Own()
    {
        string? home = Environment.GetEnvironmentVariable("HYPIR_HOME");
        return new(
            Path.Combine(
                string.IsNullOrEmpty(home)
                    ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "hypir")
                    : home,
                Name
            )
        );
    }

    /// <summary>Reads the settings; returns the defaults if they cannot be read.</summary>
    public UserSettings Load()
    {
        try
        {
            return
                JsonSerializer.Deserialize<UserSettings>(File.ReadAllBytes(path), Options) is { Settings: not null, Presets: not null } read
                && read.Strength is >= 0 and <= 100
                && Sound(read.Settings)
                && read.Presets.All(preset => preset is { Name: not null, Strength: >= 0 and <= 100 } && Sound(preset.All ?? new()))
                ? read
                : new();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            return new();
        }
    }

    /// <summary>Writes the settings atomically: a concurrent reader sees either the old or the new ones.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>Whether it succeeded.</returns>
    public bool Save(UserSettings settings)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            FileReplacement.Write(path, stream =>
                JsonSerializer.Serialize(stream, settings with { Settings = settings.Settings with { Prompt = "" } }, Options)
            );
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Sound(RestorationSettings settings) =>
        settings is { Model: not null, Prompt: not null, Device: not null, Scale: 1 or 2 } && Enum.IsDefined(settings.Precision);
}

/// <summary>
/// What is kept of a person's choices from one start of the editor to the next. The prompt is not: it says what an image shows.
/// </summary>
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

/// <summary>Settings with a name. Prompt and seed belong to an image, and are no part of one.</summary>
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
    public RestorationSettings Apply(RestorationSettings settings) =>
        (All ?? settings) with
        {
            CoeffT = CoeffT,
            Prompt = settings.Prompt,
            Seed = settings.Seed,
        };

    /// <summary>Whether settings are already as this preset makes them.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="strength">Per cent.</param>
    public bool Is(RestorationSettings settings, int strength) => strength == Strength && Apply(settings) == settings;
}
