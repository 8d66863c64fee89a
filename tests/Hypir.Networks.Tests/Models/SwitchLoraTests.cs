using Hypir.Networks.Models;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Models;

/// <summary>LoRA weights come into a loaded model and off it exactly: each state is, bit for bit, that of a model loaded so.</summary>
[TestClass]
public sealed class SwitchLoraTests : TensorTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypir-lora-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow(ScalarType.Float32, false)]
    [DataRow(ScalarType.BFloat16, false)]
    [DataRow(ScalarType.Float32, true)]
    public void Switching_gives_what_loading_gives(ScalarType type, bool unmerged)
    {
        string a = Goldens.Require("tiny-lora", "state_dict.safetensors"), b = Another(a);
        var settings = new LoadSettings { UNetType = type, Unmerged = unmerged };
        using DiffusionModel switched = Load(settings);
        object vae = switched.Vae;
        foreach (string? lora in (string?[])[a, b, null, b, a, a, null])
        {
            switched.SwitchLora(lora);
            using DiffusionModel fresh = Load(settings with { LoraPath = lora });
            AssertSame(fresh, switched, lora);
            Assert.AreSame(vae, switched.Vae, "The other networks stay.");
        }
        // Or the three would be one.
        using DiffusionModel bare = Load(settings),
            first = Load(settings with { LoraPath = a }),
            second = Load(settings with { LoraPath = b });
        Assert.IsFalse(Same(bare, first) || Same(first, second) || Same(bare, second));
    }

    [TestMethod]
    public void Adapters_that_are_refused_leave_nothing_alive()
    {
        using DiffusionModel model = Load(new LoadSettings());
        string bad = Path.Combine(_folder, "bad.safetensors");
        File.WriteAllBytes(bad, File.ReadAllBytes(Goldens.Require("tiny-lora", "state_dict.safetensors"))[..1000]);
        Assert.Throws<HypirException>(() => model.SwitchLora(bad));
    }

    private static DiffusionModel Load(LoadSettings settings) => DiffusionModel.Load(ModelFolder.Open(TinyModel.Folder), settings);

    /// <summary>Other weights of the same shapes: the signs of the last thousand numbers are turned round.</summary>
    private string Another(string lora)
    {
        byte[] content = File.ReadAllBytes(lora);
        for (int i = content.Length - 4001; i < content.Length; i += 4)
            content[i] ^= 0x80;
        string path = Path.Combine(_folder, "b.safetensors");
        File.WriteAllBytes(path, content);
        return path;
    }

    private static void AssertSame(DiffusionModel expected, DiffusionModel actual, string? lora)
    {
        var weights = actual.UNet.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        foreach (var (name, parameter) in expected.UNet.named_parameters())
            Assert.IsTrue(Equal(parameter, weights[name]), $"{lora}: {name}");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor sample = randn([1, 4, 8, 8], expected.UNet.parameters().First().dtype, generator: new Generator(3)),
            times = tensor(new[] { 200L });
        Assert.IsTrue(
            Equal(
                expected.UNet.Forward(sample, times, expected.EncodePrompt("")),
                actual.UNet.Forward(sample, times, actual.EncodePrompt(""))
            ),
            $"{lora}: result"
        );
    }

    private static bool Same(DiffusionModel one, DiffusionModel other)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor sample = randn([1, 4, 8, 8], one.UNet.parameters().First().dtype, generator: new Generator(3)),
            times = tensor(new[] { 200L });
        return Equal(one.UNet.Forward(sample, times, one.EncodePrompt("")), other.UNet.Forward(sample, times, other.EncodePrompt("")));
    }

    private static bool Equal(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        return one.dtype == other.dtype && one.shape.SequenceEqual(other.shape) && one.eq(other).all().item<bool>();
    }
}
