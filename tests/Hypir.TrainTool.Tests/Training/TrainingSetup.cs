using Hypir.Networks.Checkpoints;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Training;

/// <summary>A folder with all that a small training needs: images, a tiny model, a tiny discriminator's tower, a configuration.</summary>
internal sealed class TrainingSetup : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Lays everything out.</summary>
    /// <param name="images">How many images.</param>
    public TrainingSetup(int images)
    {
        for (int i = 0; i < images; i++)
            TestImages.Save(_folder, $"photos/{i}.png", 80 + i, 72);
        using var batches = new GoldenCase(Goldens.Require("training", "trace", "batches.safetensors"));
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(_folder["tower.safetensors"],
            batches.Names("param.").ToDictionary(name => name["param.".Length..], name => batches[name].to(ScalarType.Float32)));
    }

    public string Path => _folder.Path;

    public string this[string name] => _folder[name];

    /// <summary>Writes a configuration that trains adapters of the tiny model against the tiny discriminator.</summary>
    public string Config(string output, int steps, string more = "") => _folder.Write($"{output}.yaml", $$$"""
        output_dir: {{{_folder[output]}}}
        base_model_path: {{{Goldens.Require("tiny-sd2")}}}
        lora_rank: 4
        lambda_lpips: 0
        lambda_charbonnier: 0.5
        discriminator_tower: {{{_folder["tower.safetensors"]}}}
        discriminator_channels: 8
        mixed_precision: no
        lr_G: 1e-3
        lr_D: 1e-3
        max_train_steps: {{{steps}}}
        checkpointing_steps: 2
        log_image_steps: 10
        log_grad_steps: 5
        device: cpu
        data_config:
          train:
            batch_size: 2
            dataset: {params: {file_meta: {file_list: {{{_folder["photos"]}}}}, out_size: 64, crop_type: random, use_hflip: true}}
            batch_transform: {params: {queue_size: 5}}
        {{{more}}}
        """);

    public ProgramRun Train(string config, params string[] options) =>
        BuiltProgram.Trainer.Run(_folder.Path, ["train", config, .. options]);

    /// <summary>A path in the folder, whose own folder is made.</summary>
    public string File(params string[] parts) => _folder.File(parts);

    /// <summary>A copy of the tiny model that may be changed.</summary>
    public string Model(string name) => TinyModel.Copy(_folder, name);

    /// <summary>The tensors of a file, as text that can be compared.</summary>
    public string Weights(string file)
    {
        using var source = CheckpointFile.Open(_folder[file]);
        using var scope = NewDisposeScope();
        return string.Join('\n', source.Tensors.Keys.Order(StringComparer.Ordinal).Select(name =>
            $"{name} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(source.Read(name).contiguous().bytes))}"));
    }

    public void Dispose() => _folder.Dispose();
}
