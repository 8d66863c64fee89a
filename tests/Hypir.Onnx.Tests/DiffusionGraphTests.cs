using System.Text.Json;
using System.Text.Json.Nodes;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Models;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Onnx.Graphs;
using Hypir.Onnx.Networks;
using Hypir.Onnx.Sessions;
using Hypir.Planning.Configs;
using Hypir.Planning.Outlines;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Onnx.Tests;

/// <summary>A diffusion model's networks as graphs: ONNX Runtime on the CPU computes what plain torch does.</summary>
[TestClass]
public sealed class DiffusionGraphTests : TensorTest
{
    // Both compute in float32, in another order of the sums.
    private const double Tolerance = 1e-5;
    private const string Two = """
        {"in_channels": 4, "out_channels": 4, "block_out_channels": [8, 16], "layers_per_block": 1, "norm_num_groups": 4,
         "attention_head_dim": 2, "cross_attention_dim": 6, "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
         "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"]}
        """;

    [TestMethod]
    public void The_shipped_model()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using DiffusionModel model = DiffusionModel.Load(ModelFolder.Open(NanoModel.Folder), new());
        AssertEqual(model.UNet);
        AssertEqual(model.Vae);
    }

    /// <summary>Weights stay where they are: the session reads them from the checkpoint, by their places in it.</summary>
    [TestMethod]
    public void Weights_of_the_checkpoint()
    {
        string folder = NanoModel.Folder;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using DiffusionModel model = DiffusionModel.Load(ModelFolder.Open(folder), new());
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "vae", "diffusion_pytorch_model.safetensors"));
        Tensor image = randn(1, 3, 6 * model.Vae.Config.Factor, 5 * model.Vae.Config.Factor);
        OnnxGraph graph = DiffusionGraph.Of(VaeOutline.Encoder(model.Vae.Config), new(image.shape[2], image.shape[3]));
        var settings = new GraphSessionSettings { WeightFolder = Path.GetDirectoryName(file.Path), Threads = 1 };
        Tensor actual = GraphRun.Of(graph, InFile, settings, (DiffusionGraph.Map, image));
        Numbers.AssertClose(model.Vae.EncodeMoments(image), actual, Tolerance, "encoder");

        WeightPlace InFile(GraphWeight weight)
        {
            Assert.AreEqual(ScalarType.Float32, file.Tensors[weight.Name].DType);
            (long offset, long length) = file.RangeOf(weight.Name);
            return new WeightPlace.InFile(Path.GetFileName(file.Path), offset, length);
        }
    }

    [TestMethod]
    [TestCategory("Golden")]
    public void The_goldens_model_with_a_merged_LoRA()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var settings = new LoadSettings { LoraPath = Goldens.Require("tiny-lora", "state_dict.safetensors") };
        using DiffusionModel model = DiffusionModel.Load(ModelFolder.Open(Goldens.Require("tiny-sd2")), settings);
        AssertEqual(model.UNet);
        AssertEqual(model.Vae);
        Tensor tokens = tensor(model.Tokenizer!.Encode("a photo of a cat"), ScalarType.Int64).unsqueeze(0);
        OnnxGraph text = TextGraph.Of(TextOutline.Of(model.TextEncoder!.Config));
        Tensor embedding = Run(text, model.TextEncoder, null, (TextGraph.Tokens, tokens));
        Numbers.AssertClose(model.TextEncoder.call(tokens), embedding, Tolerance, "text");
    }

    [TestMethod]
    [DataRow("""{"mid_block_type": null, "use_linear_projection": true, "act_fn": "mish", "center_input_sample": true}""")]
    [DataRow("""{"layers_per_block": [2, 1], "transformer_layers_per_block": [1, 2], "attention_head_dim": [4, 8]}""")]
    [DataRow("""{"conv_in_kernel": 5, "conv_out_kernel": 1, "resnet_out_scale_factor": 1.4, "downsample_padding": 0}""")]
    public void A_UNet_of_another_shape(string changes)
    {
        JsonObject json = JsonNode.Parse(Two)!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
            json[key] = value?.DeepClone();
        UNetConfig config = UNetConfig.Parse(JsonSerializer.SerializeToElement(json), "unet");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var weights = new SeededTensors(ShapeRecorder.Record(w => new UNet2DConditionModel(config, w)), 1);
        using var network = new UNet2DConditionModel(config, new WeightScope(new CheckpointWeights(weights)));
        AssertEqual(network);
    }

    /// <summary>A GPU's limit of a tensor's size: attention is cut into parts, whose result is the same.</summary>
    [TestMethod]
    public void Attention_in_parts()
    {
        UNetConfig config = UNetConfig.Parse(JsonSerializer.SerializeToElement(JsonNode.Parse(Two)), "unet");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var weights = new SeededTensors(ShapeRecorder.Record(w => new UNet2DConditionModel(config, w)), 1);
        using var network = new UNet2DConditionModel(config, new WeightScope(new CheckpointWeights(weights)));
        // The widest sequence has 2 x 234 x 64 numbers, scores would have 2 x 2 x 234 x 234.
        AssertEqual(network, limit: 30_000);
    }

    /// <summary>Two maps of odd sizes, which the way up restores.</summary>
    internal static void AssertEqual(
        UNet2DConditionModel network, long limit = long.MaxValue, GraphSessionSettings? settings = null, double tolerance = Tolerance)
    {
        const int Tokens = 5;
        UNetConfig config = network.Config;
        manual_seed(3);
        Tensor sample = randn(2, config.InChannels, 13, 18), text = randn(1, Tokens, config.CrossAttentionDim);
        Tensor timesteps = tensor(new[] { 200L });
        Tensor expected = network.Forward(sample, timesteps, text.expand(2, -1, -1));
        OnnxGraph graph = DiffusionGraph.Of(UNetOutline.Of(config), new(13, 18, 2), Tokens, limit);
        Assert.IsLessThanOrEqualTo(limit, graph.LargestTensor);
        Tensor actual = Run(
            graph, network, settings,
            (DiffusionGraph.Map, sample), (DiffusionGraph.Sinusoids, network.Sinusoids(timesteps)), (DiffusionGraph.Text, text));
        Numbers.AssertClose(expected, actual, tolerance, "UNet");
    }

    internal static void AssertEqual(AutoencoderKL network, GraphSessionSettings? settings = null, double tolerance = Tolerance)
    {
        int factor = network.Config.Factor;
        manual_seed(4);
        Tensor image = randn(2, network.Config.InChannels, 5 * factor, 7 * factor);
        Tensor moments = network.EncodeMoments(image), latent = Posterior.Mean(moments);
        OnnxGraph encoder = DiffusionGraph.Of(VaeOutline.Encoder(network.Config), new(5 * factor, 7 * factor, 2));
        Numbers.AssertClose(moments, Run(encoder, network, settings, (DiffusionGraph.Map, image)), tolerance, "encoder");
        OnnxGraph decoder = DiffusionGraph.Of(VaeOutline.Decoder(network.Config), new(latent.shape[2], latent.shape[3], 2));
        Numbers.AssertClose(network.Decode(latent), Run(decoder, network, settings, (DiffusionGraph.Map, latent)), tolerance, "decoder");
    }

    private static Tensor Run(
        OnnxGraph graph, nn.Module network, GraphSessionSettings? settings, params (string Name, Tensor Value)[] inputs) =>
        GraphRun.Of(graph, network.state_dict(), settings ?? new() { Threads = 1 }, inputs);
}
