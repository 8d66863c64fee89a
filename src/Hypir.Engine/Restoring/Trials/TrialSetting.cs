using System.Globalization;
using Hypir.Planning;

namespace Hypir.Engine.Restoring.Trials;

/// <summary>A setting of <c>--try</c> with the values to compare.</summary>
/// <param name="Name">strength, model, prompt, seed, t or coeff-t.</param>
/// <param name="Values">At least one value.</param>
internal sealed record TrialSetting(string Name, IReadOnlyList<string> Values)
{
    /// <summary>The names in the order of the help.</summary>
    public static IReadOnlyList<string> Names { get; } = ["strength", "model", "prompt", "seed", "t", "coeff-t"];

    /// <summary>More cells than this are not compared by eye.</summary>
    public const int MostCells = 30;

    /// <summary>What is wrong with the values of --try, as sentences.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<string> tokens)
    {
        foreach (string token in tokens)
        {
            if (Parse(token) is not { } setting)
                yield return $"--try takes settings such as strength=0.5,1 ({string.Join(", ", Names)}), not \"{token}\". "
                    + "Name images before --try.";
            else if (setting.Values.FirstOrDefault(value => !setting.Accepts(value)) is { } wrong)
                yield return $"--try {setting.Name}: \"{wrong}\" is not a value of --{setting.Name}.";
        }

        TrialSetting[] all = [.. tokens.Select(Parse).OfType<TrialSetting>()];
        if (all.GroupBy(setting => setting.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            yield return $"--try {twice.Key} is given twice: separate values by commas.";
        else if (all.Aggregate(1L, (cells, setting) => Math.Min(1_000_000, cells * setting.Values.Count)) is > MostCells and var count)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"--try would make {count} images; at most {MostCells} are compared at once.");
    }

    /// <summary>Reads "strength=0.5,1". Prompts, which have commas, are separated by |.</summary>
    /// <returns>The setting; null if the text is not one.</returns>
    public static TrialSetting? Parse(string token)
    {
        int sign = token.IndexOf('=', StringComparison.Ordinal);
        string name = sign > 0 ? token[..sign] : "";
        if (!Names.Contains(name))
            return null;
        string[] values = token[(sign + 1)..].Split(name == "prompt" ? '|' : ',');
        return new(name, [.. values.Select(value => value.Trim()).Distinct()]);
    }

    /// <summary>All combinations, the last setting's values changing first.</summary>
    public static IEnumerable<IReadOnlyList<(TrialSetting Setting, string Value)>> Combinations(IReadOnlyList<TrialSetting> settings)
    {
        IEnumerable<(TrialSetting, string)[]> all = [[]];
        foreach (TrialSetting setting in settings)
            all = [.. all.SelectMany(one => setting.Values.Select(value => ((TrialSetting, string)[])[.. one, (setting, value)]))];
        return all;
    }

    /// <summary>The options with one of the values; models are chosen elsewhere.</summary>
    public RestoreOptions Apply(RestoreOptions options, string value) => Name switch
    {
        "strength" => options with { Strength = double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture) },
        "prompt" => options with { Prompt = value },
        "seed" => options with { Seed = long.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) },
        "t" => options with { ModelT = int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture) },
        "coeff-t" => options with { CoeffT = int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture) },
        _ => options,
    };

    private bool Accepts(string value) => Name switch
    {
        "strength" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1,
        "seed" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "t" or "coeff-t" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int step) && step < 1000,
        // The choice would be one of the others.
        "model" => value.Length > 0 && value != Defaults.AutomaticModel,
        _ => true,
    };
}
