using System.Globalization;

namespace Hypir.PdnEffect.ViewModel.Texts;

/// <summary>The dialog's texts in one language.</summary>
public sealed class Words
{
    /// <summary>The available languages; the first is the fallback.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "zh-Hans"];

    private readonly Dictionary<string, string> _texts;
    private readonly CultureInfo _culture;

    private Words(string language, CultureInfo culture)
    {
        (Language, _culture) = (language, culture);
        using Stream stream = typeof(Words).Assembly.GetManifestResourceStream($"{language}.txt")!;
        using var reader = new StreamReader(stream);
        _texts = Parse(reader.ReadToEnd());
    }

    /// <summary>The language.</summary>
    public string Language { get; }

    /// <summary>Whether it is English, the language of the engine's messages.</summary>
    public bool AreTheEngines => Language == Languages[0];

    /// <summary>All texts by the names of their phrases.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>A text.</summary>
    /// <param name="phrase">The phrase.</param>
    public string this[Phrase phrase] => _texts[phrase.ToString()];

    /// <summary>
    /// The texts for a culture: simplified Chinese where it is used, otherwise English. Numbers follow the culture.
    /// </summary>
    /// <param name="culture">The user's culture, such as the editor's.</param>
    public static Words For(CultureInfo culture)
    {
        string[] parts = culture.Name.Split('-');
        bool simplified = parts[0] == "zh" && !parts.Any(part => part is "Hant" or "TW" or "HK" or "MO");
        return new(Languages[simplified ? 1 : 0], culture);
    }

    /// <summary>A text with its placeholders filled in.</summary>
    /// <param name="phrase">The phrase.</param>
    /// <param name="values">The values for {0}, {1} …</param>
    public string Of(Phrase phrase, params ReadOnlySpan<object?> values) => string.Format(_culture, this[phrase], values);

    /// <summary>A text without its access-key marker, for accessible names.</summary>
    /// <param name="phrase">The phrase.</param>
    public string Plain(Phrase phrase)
    {
        string text = this[phrase];
        int key = text.IndexOf("(&", StringComparison.Ordinal);
        return (key >= 0 ? text[..key].TrimEnd() : text).Replace("&", "", StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Parse(string file)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in file.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int at = line.IndexOf(" = ", StringComparison.Ordinal);
            texts.Add(line[..at], line[(at + 3)..]);
        }
        return texts;
    }
}

/// <summary>Titles of models: those on the built-in list are translated; others appear as listed.</summary>
internal static class ModelTitles
{
    private static readonly Phrase[] Known =
        [Phrase.ModelAutomatic, Phrase.ModelFaithful, Phrase.ModelVivid, Phrase.ModelBase, Phrase.ModelHypir];

    private static readonly Words English = Words.For(CultureInfo.InvariantCulture);

    /// <summary>Keyed by the English title, not by the model's name, which a user's own list may use for another model.</summary>
    public static string Of(Words words, string title)
    {
        int at = Array.FindIndex(Known, phrase => English[phrase] == title);
        return at < 0 ? title : words[Known[at]];
    }
}
