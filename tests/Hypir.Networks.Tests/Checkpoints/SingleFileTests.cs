using System.Text.Json;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Checkpoints.SingleFile;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Checkpoints;

/// <summary>Models in one file with the original names, against the same models in diffusers' layout.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class SingleFileTests : TensorTest
{
    private static readonly (ModelPart Part, string Name)[] Parts =
    [
        (ModelPart.UNet, "unet"), (ModelPart.Vae, "vae"), (ModelPart.TextEncoder, "text_encoder"),
    ];

    /// <summary>Settings that shapes tell; heads, groups and ids of tokens they do not.</summary>
    private static readonly string[] Undetectable =
    [
        "attention_head_dim", "norm_num_groups", "sample_size", "num_attention_heads", "bos_token_id", "eos_token_id", "pad_token_id",
    ];

    [TestMethod]
    [DataRow("tiny-sd2.ckpt")]
    [DataRow("tiny-sd2.safetensors")]
    public void Every_component_equals_the_folder_bit_for_bit(string name)
    {
        using var file = SingleFileCheckpoint.Open(Goldens.Require("single-file", name));
        foreach (var (part, folder) in Parts)
        {
            using var expected = CheckpointFolder.Open(Goldens.Require("tiny-sd2", folder));
            using (var given = file.Open(part, Config(folder)))
                SourceAssert.Same(expected, given);
            using (var detected = file.Open(part))
                SourceAssert.Same(expected, detected);
        }
    }

    [TestMethod]
    public void The_weights_tell_the_configuration_as_far_as_they_can()
    {
        using var file = SingleFileCheckpoint.Open(Goldens.Require("single-file", "tiny-sd2.ckpt"));
        foreach (var (part, folder) in Parts)
        {
            var expected = Config(folder);
            foreach (var setting in file.DetectConfig(part).EnumerateObject().Where(s => !Undetectable.Contains(s.Name)))
                Assert.IsTrue(
                    JsonElement.DeepEquals(expected.GetProperty(setting.Name), setting.Value),
                    $"{folder}: {setting} instead of {expected.GetProperty(setting.Name)}");
        }
    }

    [TestMethod]
    [DataRow("mapping-tiny.json")]
    [DataRow("mapping-full.json")]
    public void Every_key_of_the_map_goes_where_the_map_says_and_no_other_does(string name)
    {
        using var map = Map(name);
        var pairs = map.RootElement.GetProperty("pairs").EnumerateArray().ToArray();
        Assert.AreNotEqual(0, pairs.Length);
        var tensors = Tensors(map);
        foreach (var (part, partName) in Parts)
        {
            var actual = LdmLayout.Map(tensors, part, LdmConfigs.Detect(tensors, part)).ToDictionary(
                pair => pair.Key, pair => $"{pair.Value.Source} [{string.Join(",", pair.Value.Shape)}] from {pair.Value.FirstRow}");
            var expected = pairs.Where(row => row.GetProperty("part").GetString() == partName)
                .ToDictionary(row => row.GetProperty("diffusers").GetString()!, Describe);
            CollectionAssert.AreEquivalent(expected.ToArray(), actual.ToArray());
        }
    }

    [TestMethod]
    [DataRow("unet")]
    [DataRow("vae")]
    [DataRow("text_encoder")]
    public void The_full_size_model_has_the_keys_and_shapes_of_the_manifest(string partName)
    {
        using var map = Map("mapping-full.json");
        var tensors = Tensors(map);
        var part = Parts.Single(p => p.Name == partName).Part;
        var actual = LdmLayout.Map(tensors, part, LdmConfigs.Detect(tensors, part));
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Goldens.Require("manifest", $"{partName}.json")));
        var expected = manifest
            .RootElement.EnumerateObject()
            .ToDictionary(row => row.Name, row => $"[{string.Join(",", row.Value.Deserialize<long[]>()!)}]");
        CollectionAssert.AreEquivalent(
            expected.ToArray(), actual.ToDictionary(pair => pair.Key, pair => $"[{string.Join(",", pair.Value.Shape)}]").ToArray());
    }

    [TestMethod]
    public void Heads_are_64_channels_wide_at_full_size()
    {
        using var map = Map("mapping-full.json");
        var tensors = Tensors(map);
        var unet = LdmConfigs.Detect(tensors, ModelPart.UNet);
        var widths = unet.GetProperty("block_out_channels").Deserialize<long[]>()!;
        CollectionAssert.AreEqual(
            widths.Select(width => width / 64).ToArray(), unet.GetProperty("attention_head_dim").Deserialize<long[]>());
        var text = LdmConfigs.Detect(tensors, ModelPart.TextEncoder);
        Assert.AreEqual(text.GetProperty("hidden_size").GetInt64() / 64, text.GetProperty("num_attention_heads").GetInt64());
    }

    [TestMethod]
    public void A_tensor_that_the_layout_does_not_know_keeps_its_name()
    {
        var strange = new TensorInfo("model.diffusion_model.label_emb.0.weight", ScalarType.Float32, [3]);
        var actual = LdmLayout.Map(new Dictionary<string, TensorInfo> { [strange.Name] = strange }, ModelPart.UNet, Config("unet"));
        Assert.AreEqual(strange.Name, actual.Single().Key);
    }

    [TestMethod]
    public void Another_file_is_refused_with_what_would_do()
    {
        var e = Assert.Throws<ModelException>(() =>
            SingleFileCheckpoint.Open(Goldens.Require("single-file", "vae-old-attention-names.safetensors"))
        );
        StringAssert.Contains(e.Message, "whole model");
        Assert.IsNotNull(e.Remedy);
    }

    [TestMethod]
    public void The_old_attention_names_of_the_vae_are_brought_up_to_date()
    {
        using var expected = CheckpointFolder.Open(Goldens.Require("tiny-sd2", "vae"));
        using var actual = DiffusersNames.Current(
            CheckpointFile.Open(Goldens.Require("single-file", "vae-old-attention-names.safetensors")));
        SourceAssert.Same(expected, actual);
    }

    private static JsonDocument Map(string name) => JsonDocument.Parse(File.ReadAllBytes(Goldens.Require("single-file", name)));

    /// <summary>All tensors of the file that a map describes, those without a use included.</summary>
    private static Dictionary<string, TensorInfo> Tensors(JsonDocument map) =>
        map.RootElement.GetProperty("pairs").EnumerateArray().Concat(map.RootElement.GetProperty("unused").EnumerateArray())
            .Select(row => new TensorInfo(row.GetProperty("ldm").GetString()!, ScalarType.Float32, Sizes(row, "ldm_shape")))
            .DistinctBy(info => info.Name).ToDictionary(info => info.Name);

    private static string Describe(JsonElement row)
    {
        var shape = Sizes(row, row.TryGetProperty("diffusers_shape", out _) ? "diffusers_shape" : "ldm_shape");
        long first = row.TryGetProperty("rows", out var rows) ? rows[0].GetInt64() : 0;
        return $"{row.GetProperty("ldm").GetString()} [{string.Join(",", shape)}] from {first}";
    }

    private static long[] Sizes(JsonElement row, string name) => row.GetProperty(name).Deserialize<long[]>()!;

    private static JsonElement Config(string folder)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Goldens.Require("tiny-sd2", folder, "config.json")));
        return json.RootElement.Clone();
    }
}
