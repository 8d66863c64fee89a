using System.Text.Json.Nodes;
using Hypir.Models.Detection;
using Hypir.Models.Manifests;
using Hypir.Models.Tests.Support;
using Hypir.Networks.Checkpoints;
using Hypir.Testing;

namespace Hypir.Models.Tests.Detection;

[TestClass]
public sealed class ModelDetectorTests : TensorTest
{
    [TestMethod]
    public void SingleFilesOfFullSizeAreToldByTheirHeaders()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("v2-1.safetensors");
        SparseWeights.Write(path, SparseWeights.FullSizeSingleFile());
        var detected = ModelDetector.Detect(path);
        Assert.AreEqual(EntryKind.Base, detected.Kind);
        StringAssert.Contains(detected.Title, "Stable Diffusion 2");
        StringAssert.Contains(string.Concat(detected.Notes), "epsilon");
    }

    [TestMethod]
    [DataRow(768, "Stable Diffusion 1")]
    [DataRow(640, "a custom diffusion model")]
    public void TheWidthOfConditionsTellsTheFamily(int width, string family)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        SparseWeights.Write(
            path,
            SparseWeights
                .FullSizeSingleFile()
                .Select(tensor =>
                    (
                        tensor.Key,
                        (long[])
                            [
                                .. tensor.Shape.Select(n =>
                                    n == 1024 ? width
                                    : n == 3072 ? 3 * width
                                    : n == 4096 ? 4 * width
                                    : n
                                ),
                            ]
                    )
                )
        );
        string said =
            width == 768
                ? Assert.ThrowsExactly<StoreException>(() => ModelDetector.Detect(path)).Message
                : ModelDetector.Detect(path).Title;
        StringAssert.Contains(said, family);
    }

    [TestMethod]
    [DataRow(9, "inpainting")]
    [DataRow(5, "depth")]
    [DataRow(7, "upscaler")]
    [DataRow(8, "InstructPix2Pix")]
    public void OtherInputsAreNamed(int channels, string family)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        SparseWeights.Write(
            path,
            SparseWeights
                .FullSizeSingleFile()
                .Select(tensor =>
                    tensor.Key == "model.diffusion_model.input_blocks.0.0.weight" ? (tensor.Key, [320, channels, 3, 3]) : tensor
                )
        );
        StringAssert.Contains(Assert.ThrowsExactly<StoreException>(() => ModelDetector.Detect(path)).Message, family);
        string copy = ModelCopy.Make(folder);
        ModelCopy.Change(copy, "unet/config.json", json => json["in_channels"] = channels);
        StringAssert.Contains(Assert.ThrowsExactly<StoreException>(() => ModelDetector.Detect(copy)).Message, family);
    }

    [TestMethod]
    [DataRow("conditioner.embedders.1.model.ln_final.weight", "Stable Diffusion XL")]
    [DataRow("model.diffusion_model.label_emb.0.0.weight", "Stable Diffusion XL")]
    [DataRow("model.diffusion_model.joint_blocks.0.context_block.attn.qkv.weight", "Stable Diffusion 3")]
    [DataRow("double_blocks.0.img_attn.qkv.weight", "FLUX")]
    [DataRow("model.diffusion_model.double_blocks.0.img_attn.qkv.weight", "FLUX")]
    [DataRow("control_model.input_blocks.0.0.weight", "ControlNet")]
    [DataRow("lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight", "kohya")]
    [DataRow("unet.down_blocks.0.attentions.0.proj_in.lora.down.weight", "diffusers' layout")]
    [DataRow("conv_first.weight", "conv_first.weight")]
    [DataRow("down_blocks.0.resnets.0.conv1.weight", "UNet alone")]
    [DataRow("encoder.conv_in.weight", "VAE alone")]
    [DataRow("nobody.knows.this", "nobody.knows.this")]
    public void OtherPeoplesFilesAreNamed(string key, string family)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        SparseWeights.Write(path, [(key, [4, 4]), ("zzz", [1])]);
        var failure = Assert.ThrowsExactly<StoreException>(() => ModelDetector.Detect(path));
        StringAssert.Contains(failure.Message, family);
        Assert.IsNotNull(failure.Remedy);
    }

    [TestMethod]
    [DataRow("features.28.weight", "VGG16")]
    [DataRow("lin4.model.1.weight", "LPIPS")]
    [DataRow("visual.trunk.stem.0.weight", "ConvNeXt")]
    [DataRow("decoder.0.1.bias", "discriminator")]
    public void WeightsForTrainingAreTaken(string key, string title)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("weights.safetensors");
        SparseWeights.Write(path, [(key, [4, 4])]);
        var detected = ModelDetector.Detect(path);
        Assert.AreEqual(EntryKind.Training, detected.Kind);
        StringAssert.Contains(detected.Title, title);
    }

    [TestMethod]
    [DataRow("StableDiffusionXLPipeline", "Stable Diffusion XL")]
    [DataRow("StableDiffusion3Pipeline", "Stable Diffusion 3")]
    [DataRow("FluxPipeline", "FLUX")]
    [DataRow("StableDiffusionInpaintPipeline", "inpainting")]
    [DataRow("PixArtSigmaPipeline", "PixArt")]
    public void OtherPipelinesAreNamed(string name, string family)
    {
        using var folder = new TemporaryFolder();
        string copy = ModelCopy.Make(folder);
        ModelCopy.Change(copy, "model_index.json", json => json["_class_name"] = name);
        StringAssert.Contains(Assert.ThrowsExactly<StoreException>(() => ModelDetector.Detect(copy)).Message, family);
    }

    [TestMethod]
    public void FoldersTellWhatTheyPredict()
    {
        using var folder = new TemporaryFolder();
        string copy = ModelCopy.Make(folder);
        ModelCopy.Change(copy, "scheduler/scheduler_config.json", json => json["prediction_type"] = "epsilon");
        StringAssert.Contains(ModelDetector.Detect(copy).Title, "predicts epsilon");
        ModelCopy.Change(copy, "scheduler/scheduler_config.json", json => json["prediction_type"] = "v_prediction");
        var detected = ModelDetector.Detect(copy);
        StringAssert.Contains(detected.Title, "predicts v");
        StringAssert.Contains(detected.Notes.Single(), "do not fit");
    }

    [TestMethod]
    public void AFolderWithoutWeightsIsRefused()
    {
        using var folder = new TemporaryFolder();
        string copy = ModelCopy.Make(folder);
        Directory
            .GetFiles(Path.Combine(copy, "vae"))
            .Where(file => !file.EndsWith(".json", StringComparison.Ordinal))
            .ToList()
            .ForEach(File.Delete);
        StringAssert.Contains(Assert.ThrowsExactly<ModelException>(() => ModelDetector.Detect(copy)).Message, "vae");
    }

    [TestMethod]
    public void LoraWeightsTellTheirRank()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("lora.safetensors");
        var tensors = SparseWeights.FullSize("lora").ToArray();
        SparseWeights.Write(path, tensors);
        var detected = ModelDetector.Detect(path);
        Assert.AreEqual(EntryKind.Lora, detected.Kind);
        StringAssert.Contains(
            detected.Title,
            $"{tensors.Length / 2} modules, rank "
                + $"{tensors.First(tensor => tensor.Key.EndsWith("lora_A.default.weight", StringComparison.Ordinal)).Shape[0]}"
        );
        SparseWeights.Write(path, tensors.Skip(1));
        Assert.ThrowsExactly<StoreException>(() => ModelDetector.Detect(path));
    }

    [TestMethod]
    [DataRow("<!doctype html><html>", "web page")]
    [DataRow("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "git-LFS")]
    public void WhatIsNoWeightsIsCalledByItsName(string text, string word)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("model.safetensors");
        File.WriteAllText(path, text);
        StringAssert.Contains(Assert.ThrowsExactly<CheckpointException>(() => ModelDetector.Detect(path)).Message, word);
    }

    [TestMethod]
    public void ConfigurationsThatAreNoObjectsAreNoReasonToFailOtherwise()
    {
        using var folder = new TemporaryFolder();
        string copy = ModelCopy.Make(folder);
        File.WriteAllText(Path.Combine(copy, "model_index.json"), new JsonArray(1, 2).ToJsonString());
        Assert.AreEqual(EntryKind.Base, ModelDetector.Detect(copy).Kind);
    }
}
