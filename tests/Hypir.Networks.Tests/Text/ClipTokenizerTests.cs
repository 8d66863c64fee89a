using System.Text.Json;
using Hypir.Networks.Text;
using Hypir.Testing;

namespace Hypir.Networks.Tests.Text;

[TestClass]
public sealed class ClipTokenizerTests
{
    [TestMethod]
    [TestCategory("Golden")]
    [DataRow("ids", "tokenizer")]
    [DataRow("tiny", "tiny-sd2/tokenizer")]
    public void Texts_have_the_references_ids(string field, string folder)
    {
        var tokenizer = ClipTokenizer.Load(Goldens.Require(folder.Split('/')));
        using var cases = JsonDocument.Parse(File.ReadAllBytes(Goldens.Require("tokenizer", "cases.json")));
        int ran = 0;
        foreach (var entry in cases.RootElement.EnumerateArray())
        {
            string text = entry.GetProperty("text").GetString()!;
            long[] expected = [.. entry.GetProperty(field).EnumerateArray().Select(id => id.GetInt64())];
            CollectionAssert.AreEqual(expected, tokenizer.Encode(text), $"\"{text}\"");
            ran++;
        }

        Assert.AreNotEqual(0, ran);
    }
}
