namespace Hypir.Training.Config;

/// <summary>A mapping of a configuration: its keys, and the mappings below it.</summary>
/// <param name="Name">The key that holds it; "" for the whole file.</param>
/// <param name="Keys">Its keys.</param>
/// <param name="Sections">The mappings below it.</param>
/// <param name="Others">Keys that are known and not read here: they matter to other commands, or mean something to the reference's code alone.</param>
internal sealed record ConfigSection<T>(string Name, IReadOnlyList<ConfigKey<T>> Keys, IReadOnlyList<ConfigSection<T>> Sections, IReadOnlyList<string> Others)
    where T : class
{
    /// <summary>All names that may stand here, in order.</summary>
    public IEnumerable<string> Names => Keys.Select(key => key.Name).Concat(Sections.Select(section => section.Name)).Concat(Others);

    /// <summary>The same mapping of settings that contain these.</summary>
    public ConfigSection<TOuter> Within<TOuter>(Func<TOuter, T> get, Func<TOuter, T, TOuter> set) where TOuter : class =>
        new(Name, [.. Keys.Select(key => key.Within(get, set))], [.. Sections.Select(section => section.Within(get, set))], Others);
}
