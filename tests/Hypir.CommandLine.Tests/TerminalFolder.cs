
using Hypir.Imaging;
using Hypir.Testing;

namespace Hypir.CommandLine.Tests;

/// <summary>A folder with what the programs need to do a little of everything.</summary>
internal sealed class TerminalFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Lays everything out.</summary>
    public TerminalFolder()
    {
        MakeImage("a.png", 64, 64);
        foreach (string name in (string[])["photos/0.png", "photos/1.png", "photos/2.png", "pairs/lq/0.png", "pairs/hq/0.png"])
            MakeImage(name, 72, 64);
        _folder.File("mine", "weights.bin");
        File.WriteAllBytes(_folder["mine", "weights.bin"], new byte[300_000]);
        _folder.Write("models.yaml", """
            format: 1
            licences:
              test: { name: License of the test, summary: The terms of the test, address: "https://terms.example" }
            entries:
              - name: thing
                kind: training
                licence: test
                sources: [{ url: "https://nowhere.example/{path}" }]
                files: [{ path: weights.bin, size: 300000, sha256: unverified }]
            """);
        _folder.Write("small.yaml", "data_config: {train: {batch_size: 2, dataset: {params: {out_size: 40}}}}");
        WriteTraining("train.yaml", 2);
    }

    /// <summary>The folder.</summary>
    public string Path => _folder.Path;

    /// <summary>A path in it.</summary>
    public string this[params string[] parts] => _folder[parts];

    /// <summary>Writes a configuration that trains the tiny model.</summary>
    public void WriteTraining(string name, int steps) => _folder.Write(name, $$$"""
        output_dir: {{{_folder["run"]}}}
        base_model_path: {{{Tiny}}}
        lora_rank: 2
        lambda_lpips: 0
        lambda_gan: 0
        mixed_precision: no
        max_train_steps: {{{steps}}}
        checkpointing_steps: 1000000
        device: cpu
        data_config:
          train:
            batch_size: 1
            dataset: {params: {file_meta: {file_list: {{{_folder["photos"]}}}}, out_size: 64, crop_type: center}}
            batch_transform: {params: {queue_size: 1}}
        """);

    /// <summary>An image of smooth shapes.</summary>
    public void MakeImage(string name, int width, int height)
    {
        var rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.Length; i++)
            rgb[i] = (byte)(128 + 60 * Math.Sin(i / 3 % width / 9.0 + i % 3) + 40 * Math.Cos(i / 3 / width / 7.0));
        ImageFile.Save(new RasterImage(width, height, 8, rgb), _folder.File(name.Split('/')));
    }

    /// <summary>A model in diffusers' layout with few weights.</summary>
    public static string Tiny { get; } = Goldens.Path("tiny-sd2");

    /// <summary>LoRA weights for it.</summary>
    public static string Lora { get; } = Directory.GetFiles(Goldens.Path("tiny-lora"), "*.pth").Order(StringComparer.Ordinal).First();

    /// <summary>The model that ships with the program.</summary>
    public static string Nano { get; } = NanoModel.Folder;

    /// <summary>The single-pass network that ships with it.</summary>
    public static string Faithful { get; } = System.IO.Path.Combine(Repository.Root, "models", "faithful", "faithful.safetensors");

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
