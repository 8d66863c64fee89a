using System.Text.Json.Nodes;
using Hypir.Networks.Text;
using Hypir.Testing;

namespace Hypir.Networks.Tests.Text;

[TestClass]
public sealed class TokenizerFilesTests
{
    private string _folder = "";

    [TestInitialize]
    public void CopyFolder()
    {
        _folder = Directory.CreateTempSubdirectory("hypir-tokenizer-").FullName;
        foreach (string file in Directory.GetFiles(Goldens.Require("tiny-sd2", "tokenizer")))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
    }

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("vocab.json", null, DisplayName = "No vocabulary")]
    [DataRow("merges.txt", null, DisplayName = "No merges")]
    [DataRow("vocab.json", "", DisplayName = "Empty vocabulary file")]
    [DataRow("vocab.json", "{}", DisplayName = "Vocabulary without tokens")]
    [DataRow("vocab.json", "[1]", DisplayName = "Vocabulary that is a list")]
    [DataRow("vocab.json", "{\"a\": \"b\"}", DisplayName = "Vocabulary without ids")]
    [DataRow("vocab.json", "<!DOCTYPE html>", DisplayName = "A web page")]
    [DataRow("merges.txt", "#version: 0.2\na b\nabc\n", DisplayName = "A merge of one symbol")]
    [DataRow("special_tokens_map.json", "{", DisplayName = "Damaged special tokens")]
    [DataRow("special_tokens_map.json", "{\"pad_token\": \"[NONE]\"}", DisplayName = "Pad token without id")]
    public void A_damaged_folder_is_refused_by_name(string file, string? content)
    {
        string path = Path.Combine(_folder, file);
        File.Delete(path);
        if (content is not null)
            File.WriteAllText(path, content);
        var refused = Assert.ThrowsExactly<ModelException>(() => ClipTokenizer.Load(_folder));
        StringAssert.Contains(refused.Message, content?.Contains("[NONE]", StringComparison.Ordinal) == true ? "[NONE]" : file);
        Assert.IsNotNull(refused.Remedy);
    }

    [TestMethod]
    public void Special_tokens_map_goes_before_the_configuration()
    {
        WriteToken("tokenizer_config.json", "pad_token", "a");
        WriteToken("special_tokens_map.json", "pad_token", new JsonObject { ["content"] = "b", ["lstrip"] = false });
        Assert.AreEqual(Id("b"), ClipTokenizer.Load(_folder).Encode("")[^1]);
    }

    [TestMethod]
    public void A_configuration_with_added_tokens_goes_before_the_map()
    {
        WriteToken("tokenizer_config.json", "pad_token", "<pad>");
        WriteToken("tokenizer_config.json", "added_tokens_decoder", new JsonObject { ["1234"] = new JsonObject { ["content"] = "<pad>" } });
        long[] ids = ClipTokenizer.Load(_folder).Encode("<pad>");
        Assert.AreEqual(1234, ids[1]);
        Assert.AreEqual(1234, ids[^1]);
    }

    [TestMethod]
    public void Without_the_optional_files_the_end_pads_as_in_CLIP()
    {
        File.Delete(Path.Combine(_folder, "special_tokens_map.json"));
        File.Delete(Path.Combine(_folder, "tokenizer_config.json"));
        long[] ids = ClipTokenizer.Load(_folder).Encode("a");
        Assert.HasCount(77, ids);
        Assert.AreEqual(Id("<|endoftext|>"), ids[^1]);
    }

    private long Id(string token) => JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "vocab.json")))![token]!.GetValue<long>();

    private void WriteToken(string file, string key, JsonNode value)
    {
        string path = Path.Combine(_folder, file);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json[key] = value;
        File.WriteAllText(path, json.ToJsonString());
    }
}
