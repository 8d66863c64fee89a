namespace Hypir.Training.Data.Manifests;

/// <summary>Finds the columns of a list.</summary>
internal static class Columns
{
    private const string None = "none";
    private const string DefaultPrompt = "prompt";

    /// <summary>The columns of paths and captions.</summary>
    /// <param name="list">The list, for messages.</param>
    /// <param name="names">Its columns.</param>
    /// <param name="settings">What they are called.</param>
    /// <returns>The two numbers; -1 for no captions.</returns>
    /// <exception cref="ManifestException">A column is missing.</exception>
    public static (int Path, int Prompt) Find(string list, IReadOnlyList<string> names, ManifestSettings settings)
    {
        int Index(string name) => names.ToList().IndexOf(name);
        int path = Index(settings.ImagePathKey);
        if (path < 0)
            throw Missing(list, settings.ImagePathKey, "image_path_key", names);
        if (settings.PromptKey == None)
            return (path, -1);
        int prompt = Index(settings.PromptKey ?? DefaultPrompt);
        return prompt < 0 && settings.PromptKey is not null ? throw Missing(list, settings.PromptKey, "prompt_key", names) : (path, prompt);
    }

    private static ManifestException Missing(string list, string name, string key, IReadOnlyList<string> names) =>
        new($"{list} has no column \"{name}\"; it has {string.Join(", ", names)}.", $"Name the column under file_meta: {key}, or with --{key.Replace('_', '-')}.");
}
