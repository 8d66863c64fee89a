using Hypir.Networks.Models;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Models;

[TestClass]
public sealed class DiffusionModelTests : TensorTest
{
    private static string Nano => NanoModel.Folder;

    [TestMethod]
    public void A_loaded_model_frees_everything_when_it_is_disposed()
    {
        using DiffusionModel model = DiffusionModel.Load(ModelFolder.Open(TinyModel.Folder), new LoadSettings());
        using Tensor embedding = model.EncodePrompt("a cat", batch: 2);
        CollectionAssert.AreEqual(
            new[] { 2L, model.TextEncoder!.Config.MaxPositionEmbeddings, model.UNet.Config.CrossAttentionDim }, embedding.shape);
    }

    [TestMethod]
    public void Merged_and_unmerged_adapters_give_equal_results()
    {
        string lora = Goldens.Require("tiny-lora", "state_dict.pth");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor sample = randn([1, 4, 9, 7], ScalarType.Float64, generator: new Generator(3)),
            times = tensor(new[] { 200L });
        Tensor[] results =
        [
            .. new[] { false, true }.Select(unmerged =>
            {
                var settings = new LoadSettings
                {
                    UNetType = ScalarType.Float64,
                    VaeType = ScalarType.Float64,
                    LoraPath = lora,
                    Unmerged = unmerged,
                };
                using DiffusionModel model = DiffusionModel.Load(ModelFolder.Open(TinyModel.Folder), settings);
                return model.UNet.Forward(sample, times, model.EncodePrompt(""));
            }),
        ];
        Numbers.AssertClose(results[0], results[1], 1e-10, "merged against unmerged");
    }

    [TestMethod]
    public void A_model_without_text_encoder_refuses_a_prompt_and_takes_none()
    {
        using DiffusionModel model = DiffusionModel.Load(ModelFolder.Open(Nano), new LoadSettings());
        ModelException error = Assert.ThrowsExactly<ModelException>(() => model.EncodePrompt("a cat").Dispose());
        StringAssert.Contains(error.Message, "no text encoder");
        using var scope = NewDisposeScope();
        Tensor nothing = model.EncodePrompt("");
        Assert.AreEqual(0f, nothing.abs().sum().item<float>());
    }

    [TestMethod]
    public void Cancelled_loading_leaves_nothing()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            DiffusionModel.Load(ModelFolder.Open(Nano), new LoadSettings(), source.Token)
        );
    }

    [TestMethod]
    public void An_adapter_of_another_model_is_refused_with_its_first_keys()
    {
        var settings = new LoadSettings { LoraPath = Goldens.Require("tiny-lora", "state_dict.pth") };
        ModelException error = Assert.ThrowsExactly<ModelException>(() => DiffusionModel.Load(ModelFolder.Open(Nano), settings));
        StringAssert.Contains(error.Message, "made for another base model");
        Assert.IsLessThan(300, error.Message.Length, error.Message);
        StringAssert.Contains(error.InnerException!.Message, "unexpected: ");
        StringAssert.Contains(error.InnerException.Message, ".lora_A.default.weight, ");
        StringAssert.Contains(error.Message, "state_dict.pth");
    }

    [TestMethod]
    public void Cancellation_between_blocks_ends_an_evaluation_and_frees_it()
    {
        using DiffusionModel model = DiffusionModel.Load(ModelFolder.Open(TinyModel.Folder), new LoadSettings());
        using Tensor x = zeros(1, 3, 64, 64), z = zeros(1, 4, 8, 8), text = model.EncodePrompt(""), times = tensor(new[] { 200L });
        Check(run => model.Vae.EncodeMoments(x, run));
        Check(run => model.Vae.Decode(z, run));
        Check(run => model.UNet.Forward(z, times, text, run));

        static void Check(Func<NetworkRun, Tensor> evaluate)
        {
            var names = new List<string>();
            evaluate(new NetworkRun(names.Add)).Dispose();
            Assert.IsGreaterThan(1, names.Count);
            CollectionAssert.AllItemsAreUnique(names);
            for (int stop = 0; stop < names.Count; stop++)
            {
                using var source = new CancellationTokenSource();
                int entered = 0, at = stop;
                var run = new NetworkRun(_ =>
                {
                    if (entered++ == at)
                        source.Cancel();
                }, source.Token);
                if (stop == names.Count - 1)
                {
                    evaluate(run).Dispose(); // The last block is computed whole.
                    continue;
                }

                Assert.ThrowsExactly<OperationCanceledException>(() => evaluate(run));
                Assert.AreEqual(stop + 1, entered);
            }
        }
    }
}
