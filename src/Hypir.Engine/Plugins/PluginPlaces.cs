namespace Hypir.Engine.Plugins;

/// <summary>Finds where plug-ins of Paint.NET belong.</summary>
internal static class PluginPlaces
{
    /// <summary>The folder of all that a Paint.NET without rights on its own folder keeps.</summary>
    private const string AppFiles = "paint.net App Files";
    private const string Program = "paintdotnet.exe";

    /// <summary>The places of a machine.</summary>
    /// <param name="traces">What its registry tells.</param>
    public static IReadOnlyList<PluginPlace> Find(PdnTraces traces)
    {
        List<PluginPlace> places = [];
        if (traces.AllUsers is { } shared && Directory.Exists(shared))
            places.Add(new($"Paint.NET for all users, {shared}", Path.Combine(shared, "Effects"), AllUsers: true));
        string own = Path.Combine(traces.Documents, AppFiles);
        // The folder alone tells of a Paint.NET as well: it makes it when it is first started.
        if ((traces.ThisUser is { } folder && Directory.Exists(folder)) || Directory.Exists(own))
            places.Add(new("Paint.NET of this user (Microsoft Store, or installed just for me)", Path.Combine(own, "Effects")));
        return places;
    }

    /// <summary>The place that a person names: a Paint.NET's folder, its folder of plug-ins, or the folder <c>paint.net App Files</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="PluginException">It is none of these.</exception>
    public static PluginPlace Named(string folder)
    {
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), name = Path.GetFileName(place);
        if (!Directory.Exists(place))
            throw new PluginException($"{folder} does not exist.", $"Name the folder that {Program} lies in.");
        if (File.Exists(Path.Combine(place, Program)))
            return new($"Paint.NET in {place}", Path.Combine(place, "Effects"));
        return name.Equals("Effects", StringComparison.OrdinalIgnoreCase) ? new($"Paint.NET of {place}", place)
            : name.Equals(AppFiles, StringComparison.OrdinalIgnoreCase) ? new("Paint.NET of this user", Path.Combine(place, "Effects"))
            : throw new PluginException($"{place} is no folder of Paint.NET: {Program} is not in it.", $"Name the folder that {Program} lies in, or its folder Effects.");
    }
}
