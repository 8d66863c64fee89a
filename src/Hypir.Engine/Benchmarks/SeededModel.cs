using System.Text.Json;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.Lora;
using Hypir.Networks.Text;
using Hypir.Networks.UNet;
using Hypir.Networks.Vae;
using Hypir.Networks.Weights;
using Hypir.Planning.Configs;
using static TorchSharp.torch;

namespace Hypir.Engine.Benchmarks;

/// <summary>
/// Writes a model of Stable Diffusion 2.1-base's size with random weights, and LoRA weights of HYPIR's rank: enough to measure speed and
/// memory.
/// </summary>
internal static class SeededModel
{
    private const long LoraRank = 256;

    private const string UNet = """
        {"_class_name": "UNet2DConditionModel", "in_channels": 4, "out_channels": 4, "block_out_channels": [320, 640, 1280, 1280],
        """ + """
         "attention_head_dim": [5, 10, 20, 20],
         "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
         "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
         "layers_per_block": 2, "cross_attention_dim": 1024, "use_linear_projection": true}
        """;

    private const string Vae = """
        {"_class_name": "AutoencoderKL", "in_channels": 3, "out_channels": 3, "latent_channels": 4,
        """ + """
         "block_out_channels": [128, 256, 512, 512], "layers_per_block": 2,
         "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
         "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"]}
        """;

    private const string Text = """
        {"architectures": ["CLIPTextModel"], "vocab_size": 49408, "hidden_size": 1024, "intermediate_size": 4096,
        """ + """
         "num_hidden_layers": 23, "num_attention_heads": 16,
         "max_position_embeddings": 77, "hidden_act": "gelu"}
        """;

    private const string Scheduler = """
        {"_class_name": "DDPMScheduler", "num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012,
        """ + """
         "beta_schedule": "scaled_linear",
         "prediction_type": "epsilon", "clip_sample": false}
        """;

    /// <summary>Benchmarks use no prompt, so the vocabulary holds only the special tokens.</summary>
    private const string Vocabulary = """{"!": 0, "<|startoftext|>": 49406, "<|endoftext|>": 49407}""";

    /// <summary>Writes the model and <c>lora.safetensors</c> beside its networks: 6.3 GB.</summary>
    /// <param name="folder">A folder that does not exist or is empty.</param>
    /// <param name="cancellation">Checked between tensors.</param>
    /// <exception cref="OutputException">The folder is not empty or cannot be written.</exception>
    public static void Write(string folder, CancellationToken cancellation)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new OutputException($"{folder}: the folder is not empty.", "Choose a new folder.");
        try
        {
            IReadOnlyDictionary<string, long[]> unet = Part(
                folder, "unet", "diffusion_pytorch_model", UNet, json => UNetConfig.Parse(json, "unet"),
                (config, w) => new UNet2DConditionModel(config, w), cancellation);
            Part(
                folder, "vae", "diffusion_pytorch_model", Vae, json => VaeConfig.Parse(json, "vae"),
                (config, w) => new AutoencoderKL(config, w), cancellation);
            Part(
                folder, "text_encoder", "model", Text, json => TextEncoderConfig.Parse(json, "text_encoder"),
                (config, w) => new CLIPTextModel(config, w), cancellation);
            File.WriteAllText(
                Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "scheduler")).FullName, "scheduler_config.json"), Scheduler);
            string tokenizer = Directory.CreateDirectory(Path.Combine(folder, "tokenizer")).FullName;
            File.WriteAllText(Path.Combine(tokenizer, "vocab.json"), Vocabulary);
            File.WriteAllText(Path.Combine(tokenizer, "merges.txt"), "#version: 0.2\n");
            SafetensorsWriter.Write(
                Path.Combine(folder, "lora.safetensors"), new RandomTensors(Adapters(unet)), cancellation: cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"{folder} cannot be written: {failure.Message}", "Choose a folder with 7 GB of space.", failure);
        }
    }

    private static IReadOnlyDictionary<string, long[]> Part<TConfig, T>(
        string folder, string name, string file, string json, Func<JsonElement, TConfig> parse, Func<TConfig, WeightScope, T> build,
        CancellationToken cancellation)
        where T : nn.Module
    {
        string place = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.WriteAllText(Path.Combine(place, "config.json"), json);
        using var document = JsonDocument.Parse(json);
        TConfig config = parse(document.RootElement);
        IReadOnlyDictionary<string, long[]> shapes = ShapeRecorder.Record(weights => build(config, weights));
        SafetensorsWriter.Write(Path.Combine(place, file + ".safetensors"), new RandomTensors(shapes), cancellation: cancellation);
        return shapes;
    }

    private static Dictionary<string, long[]> Adapters(IReadOnlyDictionary<string, long[]> network)
    {
        const string Weight = ".weight";
        var shapes = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach ((string key, long[] shape) in network)
        {
            if (!key.EndsWith(Weight, StringComparison.Ordinal) || shape.Length < 2 || !LoraShapes.IsTarget(key[..^Weight.Length]))
                continue;
            shapes.Add(key[..^Weight.Length] + LoraShapes.DownSuffix, LoraShapes.Down(shape, LoraRank));
            shapes.Add(key[..^Weight.Length] + LoraShapes.UpSuffix, LoraShapes.Up(shape, LoraRank));
        }

        return shapes;
    }

    /// <summary>Random weights, generated on demand. Matrices and kernels are scaled to preserve the magnitude of activations.</summary>
    private sealed class RandomTensors(IReadOnlyDictionary<string, long[]> shapes) : ITensorSource
    {
        private readonly Generator _generator = new(1);

        public string Path => "random weights";

        public IReadOnlyDictionary<string, TensorInfo> Tensors { get; } =
            shapes.ToDictionary(shape => shape.Key, shape => new TensorInfo(shape.Key, ScalarType.Float32, shape.Value));

        public Tensor Read(string name)
        {
            long[] shape = shapes[name];
            if (shape.Length < 2)
                return name.EndsWith(".weight", StringComparison.Ordinal) ? ones(shape) : zeros(shape);
            double reach = Math.Sqrt(3.0 * shape[0] / shape.Aggregate(1L, (product, side) => product * side));
            // LoRA adapters change the weights slightly, as trained ones do.
            if (name.EndsWith(LoraShapes.UpSuffix, StringComparison.Ordinal))
                reach /= 10;
            return empty(shape).uniform_(-reach, reach, _generator);
        }

        public void Dispose() => _generator.Dispose();
    }
}
