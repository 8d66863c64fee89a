using System.Text.Json;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Lora;
using Hypir.Networks.Text;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests;

/// <summary>The goldens' small model folder, network by network, in a chosen type.</summary>
internal static class TinyModel
{
    public static string Folder => Goldens.Require("tiny-sd2");

    public static JsonElement Json(params string[] parts)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine([Folder, .. parts])));
        return document.RootElement.Clone();
    }

    public static UNetConfig UNetConfig => UNetConfig.Parse(Json("unet", "config.json"), "unet/config.json");

    public static VaeConfig VaeConfig => VaeConfig.Parse(Json("vae", "config.json"), "vae/config.json");

    public static TextEncoderConfig TextConfig => TextEncoderConfig.Parse(Json("text_encoder", "config.json"), "text_encoder/config.json");

    public static UNet2DConditionModel UNet(ScalarType type)
    {
        using SafetensorsFile file = Weights("unet");
        return new UNet2DConditionModel(UNetConfig, Root(new CheckpointWeights(file), type));
    }

    public static UNet2DConditionModel UNetWithLora(ScalarType type, bool merged)
    {
        using SafetensorsFile file = Weights("unet");
        using SafetensorsFile loraFile = SafetensorsFile.Open(Goldens.Require("tiny-lora", "state_dict.safetensors"));
        UNetConfig config = UNetConfig;
        LoraWeights lora = LoraWeights.Check(loraFile, ShapeRecorder.Record(w => new UNet2DConditionModel(config, w)));
        WeightSource source = new CheckpointWeights(file);
        if (merged)
            return new UNet2DConditionModel(config, Root(new LoraMergedWeights(source, lora, type), type));
        var network = new UNet2DConditionModel(config, Root(source, type));
        LoraAttachment.Attach(network, lora, type, CPU, trainable: true);
        return network;
    }

    public static AutoencoderKL Vae(ScalarType type)
    {
        using SafetensorsFile file = Weights("vae");
        return new AutoencoderKL(VaeConfig, Root(new CheckpointWeights(file), type));
    }

    public static CLIPTextModel Text(ScalarType type)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(Folder, "text_encoder", "model.safetensors"));
        return new CLIPTextModel(TextConfig, Root(new CheckpointWeights(file), type));
    }

    private static SafetensorsFile Weights(string part) =>
        SafetensorsFile.Open(Path.Combine(Folder, part, "diffusion_pytorch_model.safetensors"));

    /// <summary>Copies, so that the file can be closed while the network lives.</summary>
    private static WeightScope Root(WeightSource source, ScalarType type) => new(new Copied(new CastWeights(source, type, CPU)));

    private sealed class Copied(WeightSource inner) : WeightSource
    {
        public override Tensor Get(string name, long[] shape)
        {
            using Tensor tensor = inner.Get(name, shape);
            return tensor.clone();
        }
    }
}
