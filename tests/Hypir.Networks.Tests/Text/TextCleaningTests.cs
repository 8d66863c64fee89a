using Hypir.Networks.Text;
using Hypir.Testing;

namespace Hypir.Networks.Tests.Text;

/// <summary>Texts that a person takes for the same have the same ids. The right-hand sides are what ftfy documents.</summary>
[TestClass]
public sealed class TextCleaningTests
{
    private static readonly Lazy<ClipTokenizer> Tokenizer = new(() => ClipTokenizer.Load(Goldens.Require("tokenizer")));

    [TestMethod]
    [DataRow("sÃ³ voilÃ\u00A0", "só voilà", DisplayName = "UTF-8 read as Latin-1")]
    [DataRow(
        "The Mona Lisa doesnÃƒÂ¢Ã¢â€šÂ¬Ã¢â€žÂ¢t have eyebrows", "The Mona Lisa doesn't have eyebrows", DisplayName = "Misread three times")]
    [DataRow("CAFÉ™ and É® mean themselves", "CAFÉ™ and É® mean themselves", DisplayName = "A pair that occurs")]
    [DataRow("漢字 and cafÃ© here", "漢字 and café here", DisplayName = "Misread in part")]
    [DataRow("ÁÉÍ naïve café £5 “ä” ÅNGSTRÖM", "áéí naïve café £5 \"ä\" ångström", DisplayName = "Honest accents stay")]
    [DataRow("P&eacute;rez P&EACUTE;REZ &Jscr; &#233; &#xE9; &#128;", "pérez pérez 𝒥 é é €", DisplayName = "References")]
    [DataRow("a < b &amp; c", "a < b &amp; c", DisplayName = "References in HTML source stay")]
    [DataRow("&#59; &nosuchname;", "&#59; &nosuchname;", DisplayName = "What is no reference stays")]
    [DataRow("\u001B[36;44mblue\u001B[0m \u0007be\uFEFFll", "blue bell", DisplayName = "Terminal escapes and controls")]
    [DataRow("ﬂuﬃeﬆ ŉ Ǆ", "fluffiest 'n dž", DisplayName = "Ligatures")]
    [DataRow("ＬＯＵＤ　ﾉｲｽﾞ", "loud ノイズ", DisplayName = "Widths")]
    [DataRow("‘a’ “b” ʼc", "'a' \"b\" 'c", DisplayName = "Quotes")]
    [DataRow("one\u2028two\u0085three\r\nfour", "one two…three four", DisplayName = "Line ends")]
    [DataRow("e\u0301 o\u0323\u0302 \u1112\u1161\u11AB \u212B", "é ộ 한 å", DisplayName = "Form C")]
    [DataRow("ΟΔΥΣΣΕΥΣ ΣΑΣ' İ Σ", "οδυσσευς σας' i\u0307 σ", DisplayName = "Lower case")]
    [DataRow("<|EndOfText|>,<|endoftext|>", "<|endoftext|>,<|endoftext|>", DisplayName = "Marks in capitals")]
    public void Text_is_cleaned(string text, string clean) =>
        CollectionAssert.AreEqual(Tokenizer.Value.Encode(clean), Tokenizer.Value.Encode(text));

    [TestMethod] // not a row: an attribute cannot hold half a pair
    public void A_lone_surrogate_is_a_replacement_character() => Text_is_cleaned("lone \uD83D end", "lone \uFFFD end");

    [TestMethod]
    public void Different_texts_have_different_ids() =>
        CollectionAssert.AreNotEqual(
            Tokenizer.Value.Encode("voilà"), Tokenizer.Value.Encode("voila"), "Or the comparisons above would prove nothing.");
}
