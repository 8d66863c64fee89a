using System.Text.Json;
using Hypir.Networks.Checkpoints;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Checkpoints;

[TestClass]
public sealed class CheckpointFolderTests : TensorTest
{
    /// <summary>From the best to the last choice; each file of a folder that has all of them wins until it is taken away.</summary>
    private static readonly string[] Preference =
    [
        "diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.safetensors.index.json", "diffusion_pytorch_model.fp16.safetensors",
        "diffusion_pytorch_model.safetensors.index.fp16.json", "diffusion_pytorch_model.bin", "diffusion_pytorch_model.bin.index.json",
        "diffusion_pytorch_model.fp16.bin",
    ];

    [TestMethod]
    public void Safetensors_come_before_pickles_and_full_precision_before_half()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in Preference)
            File.WriteAllText(folder.File(name), "");
        foreach (string name in Preference)
        {
            Assert.AreEqual(folder.File(name), CheckpointFolder.Find(folder.Path));
            File.Delete(folder.File(name));
        }
        Assert.IsNull(CheckpointFolder.Find(folder.Path));
    }

    [TestMethod]
    [DataRow("model.safetensors")]
    [DataRow("model.fp16.safetensors")]
    [DataRow("pytorch_model.bin")]
    [DataRow("diffusion_pytorch_model.fp16.bin")]
    public void One_file_is_opened_under_any_of_its_names(string name)
    {
        using var folder = new TemporaryFolder();
        using var values = ones(3);
        if (name.EndsWith(".bin", StringComparison.Ordinal))
            File.Copy(Goldens.Require("checkpoints", "good", "float32.pth"), folder.File(name));
        else
            SafetensorsWriter.Write(folder.File(name), new Dictionary<string, Tensor> { ["w"] = values });
        using var source = CheckpointFolder.Open(folder.Path);
        Assert.AreEqual(folder.File(name), source.Path);
        Assert.AreNotEqual(0, source.Tensors.Count);
    }

    [TestMethod]
    [DataRow("a.safetensors", "b.safetensors", "diffusion_pytorch_model.safetensors.index.json")]
    [DataRow("a.bin", "b.bin", "pytorch_model.bin.index.json")]
    public void Shards_are_one_source(string first, string second, string index)
    {
        using var folder = new TemporaryFolder();
        string[] files = [Goldens.Require("checkpoints", "good", "float32.pth"), Goldens.Require("checkpoints", "good", "lora.pth")];
        string[] shards = [folder.File(first), folder.File(second)];
        var map = new Dictionary<string, string>();
        foreach (var (file, shard) in files.Zip(shards))
        {
            if (shard.EndsWith(".bin", StringComparison.Ordinal))
                File.Copy(file, shard);
            else
                CheckpointConverter.Convert(file, shard);
            using var source = CheckpointFile.Open(file);
            foreach (string key in source.Tensors.Keys)
                map.Add(key, Path.GetFileName(shard));
        }
        WriteIndex(folder.File(index), map);
        using var all = CheckpointFolder.Open(folder.Path);
        CollectionAssert.AreEquivalent(map.Keys, all.Tensors.Keys.ToArray());
        foreach (string file in files)
        {
            using var expected = CheckpointFile.Open(file);
            foreach (string key in expected.Tensors.Keys)
                SourceAssert.SameTensor(expected, all, key);
        }
    }

    [TestMethod]
    [DataRow("../a.safetensors", CheckpointErrorKind.BadJson)]
    [DataRow("sub\\a.safetensors", CheckpointErrorKind.BadJson)]
    [DataRow("", CheckpointErrorKind.BadJson)]
    public void An_index_leads_only_to_files_beside_it(string file, CheckpointErrorKind kind)
    {
        using var folder = new TemporaryFolder();
        WriteIndex(folder.File("model.safetensors.index.json"), new() { ["w"] = file });
        Assert.AreEqual(kind, Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(folder.Path)).Kind);
    }

    [TestMethod]
    [DataRow("{}")]
    [DataRow("[1]")]
    [DataRow("{\"weight_map\": 3}")]
    [DataRow("{\"weight_map\": {\"w\": 3}}")]
    [DataRow("{\"weight_map\": ")]
    public void A_damaged_index_is_told_as_such(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("model.safetensors.index.json"), json);
        Assert.AreEqual(CheckpointErrorKind.BadJson, Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(folder.Path)).Kind);
    }

    [TestMethod]
    public void A_missing_shard_and_a_missing_tensor_are_named()
    {
        using var folder = new TemporaryFolder();
        using var values = ones(3);
        WriteIndex(folder.File("model.safetensors.index.json"), new() { ["w"] = "a.safetensors", ["x"] = "a.safetensors" });
        StringAssert.Contains(Assert.Throws<ModelException>(() => CheckpointFolder.Open(folder.Path)).Message, "a.safetensors");
        SafetensorsWriter.Write(folder.File("a.safetensors"), new Dictionary<string, Tensor> { ["w"] = values });
        var e = Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(folder.Path));
        Assert.AreEqual(CheckpointErrorKind.MissingEntry, e.Kind);
        StringAssert.Contains(e.Message, "\"x\"");
    }

    [TestMethod]
    public void An_empty_folder_says_what_was_looked_for()
    {
        using var folder = new TemporaryFolder();
        var e = Assert.Throws<ModelException>(() => CheckpointFolder.Open(folder.Path));
        StringAssert.Contains(e.Message, "diffusion_pytorch_model");
        StringAssert.Contains(e.Message, ".fp16.safetensors");
        StringAssert.Contains(Assert.Throws<ModelException>(() => CheckpointFolder.Open(folder.File("none"))).Message, "no such folder");
    }

    [TestMethod]
    public void Buffers_that_are_no_weights_are_left_out()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(folder.File("model.safetensors"), new Dictionary<string, Tensor>
        {
            ["text_model.embeddings.position_ids"] = arange(77, int64).unsqueeze(0),
            ["text_model.final_layer_norm.weight"] = ones(4),
        });
        using var source = CheckpointFolder.Open(folder.Path);
        Assert.AreEqual("text_model.final_layer_norm.weight", source.Tensors.Keys.Single());
        Assert.AreEqual(4f, source.Read("text_model.final_layer_norm.weight").sum().item<float>());
    }

    private static void WriteIndex(string path, Dictionary<string, string> map) =>
        File.WriteAllText(path, JsonSerializer.Serialize(new { metadata = new { total_size = 0 }, weight_map = map }));
}
