using Hypir.Networks.Checkpoints;
using Hypir.Networks.Models;
using Hypir.Networks.Text;
using Hypir.Networks.Vae;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Models;

[TestClass]
public sealed class ModelFolderTests : TensorTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypir-model-").FullName;

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void A_single_file_computes_what_the_folder_computes()
    {
        string file = Path.Combine(_folder, "tiny.ckpt");
        File.Copy(Goldens.Require("single-file", "tiny-sd2.ckpt"), file);
        Copy(TinyModel.Folder, Path.Combine(_folder, "tiny"), "*.json", "*.txt");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor[] results = [.. new[] { TinyModel.Folder, file }.Select(path =>
        {
            using DiffusionModel model = DiffusionModel.Load(ModelFolder.Open(path), new LoadSettings());
            Tensor latent = Posterior.Mean(model.Vae.EncodeMoments(ones(1, 3, 64, 64)));
            return model.Vae.Decode(model.UNet.Forward(latent, tensor(new[] { 200L }), model.EncodePrompt("a cat")));
        })];
        Assert.AreEqual(0, Numbers.RelativeError(results[0], results[1]));
    }

    [TestMethod]
    public void Weights_in_a_torch_file_or_in_shards_compute_what_one_file_computes()
    {
        Copy(TinyModel.Folder, _folder, "*");
        string weights = Path.Combine(_folder, "unet", "diffusion_pytorch_model.safetensors");
        using (SafetensorsFile whole = SafetensorsFile.Open(weights))
            Shards(whole, Path.Combine(_folder, "unet"));
        File.Delete(weights);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor[] results = [.. new[] { TinyModel.Folder, _folder }.Select(path =>
        {
            using DiffusionModel model = DiffusionModel.Load(ModelFolder.Open(path), new LoadSettings { UNetType = ScalarType.BFloat16 });
            return model.UNet.Forward(ones([1, 4, 8, 8], ScalarType.BFloat16), tensor(new[] { 200L }), model.EncodePrompt(""));
        })];
        Assert.AreEqual(0, Numbers.RelativeError(results[0], results[1]));
    }

    [TestMethod]
    public void Missing_parts_are_told_by_file()
    {
        Copy(TinyModel.Folder, _folder, "*");
        File.Delete(Path.Combine(_folder, "scheduler", "scheduler_config.json"));
        StringAssert.Contains(Assert.ThrowsExactly<ModelException>(() => ModelFolder.Open(_folder)).Message, "scheduler_config.json");
        StringAssert.Contains(Assert.ThrowsExactly<ModelException>(() => ModelFolder.Open(Path.Combine(_folder, "none"))).Message, "none");
        File.WriteAllText(Path.Combine(_folder, "vae", "config.json"), "{");
        StringAssert.Contains(
            Assert.ThrowsExactly<ModelException>(() => ModelFolder.Open(_folder)).Message, Path.Combine("vae", "config.json"));
    }

    [TestMethod]
    public void The_built_in_tokenizer_is_stable_diffusion_2s()
    {
        ClipTokenizer folder = ClipTokenizer.Load(Goldens.Require("tokenizer")), builtIn = ClipTokenizer.StableDiffusion2();
        foreach (string text in new[] { "", "An old, FADED photograph of 2 people!", "naïve 日本語 😀 <|endoftext|>" })
            CollectionAssert.AreEqual(folder.Encode(text), builtIn.Encode(text));
    }

    private static void Shards(SafetensorsFile whole, string folder)
    {
        string[] keys = [.. whole.Tensors.Keys.Order(StringComparer.Ordinal)];
        var map = new Dictionary<string, string>();
        foreach ((string[] part, int index) in keys.Chunk((keys.Length / 3) + 1).Select((part, index) => (part, index + 1)))
        {
            using var scope = NewDisposeScope();
            string name = $"diffusion_pytorch_model-{index:d5}-of-00003.safetensors";
            SafetensorsWriter.Write(Path.Combine(folder, name), part.ToDictionary(key => key, whole.Read));
            foreach (string key in part)
                map.Add(key, name);
        }

        File.WriteAllText(Path.Combine(folder, "diffusion_pytorch_model.safetensors.index.json"),
            System.Text.Json.JsonSerializer.Serialize(new { metadata = new { total_size = 0 }, weight_map = map }));
    }

    private static void Copy(string from, string to, params string[] patterns)
    {
        foreach (string file in patterns.SelectMany(pattern => Directory.GetFiles(from, pattern, SearchOption.AllDirectories)).Distinct())
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
