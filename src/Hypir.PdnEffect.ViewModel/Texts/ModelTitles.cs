using System.Globalization;

namespace Hypir.PdnEffect.ViewModel.Texts;

/// <summary>Models' titles: those of the program's own list are said in the dialog's language, others as their list has them.</summary>
internal static class ModelTitles
{
    private static readonly Phrase[] Known = [Phrase.ModelNano, Phrase.ModelBase, Phrase.ModelHypir];

    private static readonly Words English = Words.For(CultureInfo.InvariantCulture);

    /// <summary>By the English title and not by the model's name, which a person's own list may give to something else.</summary>
    public static string Of(Words words, string title)
    {
        int at = Array.FindIndex(Known, phrase => English[phrase] == title);
        return at < 0 ? title : words[Known[at]];
    }
}
