using Hypir.Models.Store;
using Hypir.Testing;
using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Models;
using Hypir.Training.Resuming;

namespace Hypir.TrainTool.Tests.Training.Resuming;

/// <summary>Models, weights and lists are recognized by what they hold.</summary>
[TestClass]
public sealed class RunIdentityTests
{
    [TestMethod]
    [
        DataRow("unet/diffusion_pytorch_model.safetensors"), DataRow("vae/diffusion_pytorch_model.safetensors"),
        DataRow("text_encoder/model.safetensors")
    ]
    [DataRow("scheduler/scheduler_config.json"), DataRow("unet/config.json"), DataRow("tokenizer/merges.txt")]
    public void One_changed_byte_makes_another_model_and_another_place_does_not(string file)
    {
        using var folder = new TemporaryFolder();
        string first = TinyModel.Copy(folder, "first"), second = TinyModel.Copy(folder, "second/moved");
        Assert.IsTrue(File.Exists(Path.Combine(second, file)), "The model has another layout than this test expects.");
        Assert.AreEqual(Model(folder, first), Model(folder, second));
        ChangeLastByte(Path.Combine(second, file));
        Assert.AreNotEqual(Model(folder, first), Model(folder, second));
    }

    [TestMethod]
    public void Files_that_are_not_loaded_do_not_count()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.Copy(folder, "model");
        string before = Model(folder, model), scratch = Model(folder, model, TrainKind.FromScratch);
        folder.Write("model/README.md", "a note");
        folder.Write("model/unet/diffusion_pytorch_model.fp16.safetensors", "the same in half precision");
        Assert.AreEqual(before, Model(folder, model));
        ChangeLastByte(folder["model/unet/diffusion_pytorch_model.safetensors"]);
        Assert.AreEqual(scratch, Model(folder, model, TrainKind.FromScratch), "Only the configuration is read to train from scratch.");
        ChangeLastByte(folder["model/vae/config.json"]);
        Assert.AreNotEqual(scratch, Model(folder, model, TrainKind.FromScratch));
    }

    [TestMethod]
    public void A_list_is_another_one_with_other_images_order_or_captions()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.Copy(folder, "model");
        ManifestEntry[] list = [new("a.png", "a house"), new("b.png", "")];
        ManifestEntry[][] others =
        [
            [list[0]], [list[1], list[0]], [list[0], new("c.png", "")], [list[0], new("b.png", "a tree")],
            [new("other/a.png", "a house"), list[1]],
        ];
        string expected = Of(folder, model, list)["pictures"];
        StringAssert.StartsWith(expected, "2 ");
        Assert.AreEqual(expected, Of(folder, model, [.. list])["pictures"]);
        foreach (var other in others)
            Assert.AreNotEqual(expected, Of(folder, model, other)["pictures"]);
    }

    [TestMethod]
    public void Weights_of_the_losses_count_where_they_are_used()
    {
        using var folder = new TemporaryFolder();
        string model = TinyModel.Copy(folder, "model"), tower = folder["tower.safetensors"];
        File.Copy(Goldens.Require("tiny-lora", "state_dict.safetensors"), tower);
        var settings = new TrainSettings
        {
            BaseModelPath = model,
            LambdaLpips = 5,
            DiscriminatorTower = tower,
            LpipsVgg = tower,
            LpipsLins = tower,
        };
        var before = RunIdentity.Of(settings, [], Sources(folder));
        ChangeLastByte(tower);
        Assert.HasCount(3, RunIdentity.Of(settings, [], Sources(folder)).Since(before));
        Assert.HasCount(
            2, RunIdentity.Of(settings with { LambdaLpips = 0, LambdaGan = 0 }, [], Sources(folder)).Since(before),
            "Only lambda_lpips and lambda_gan have changed.");
    }

    [TestMethod]
    public void It_is_read_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        var identity = RunIdentity.Of(
            new()
            {
                BaseModelPath = TinyModel.Copy(folder, "model"),
                LambdaGan = 0,
                LambdaLpips = 0,
            },
            [],
            Sources(folder)
        );
        identity.Write(folder.Path);
        CollectionAssert.AreEquivalent(identity.Values.ToArray(), RunIdentity.Read(folder.Path)!.Values.ToArray());
        Assert.IsNull(RunIdentity.Read(folder["model"]));
    }

    private static string Model(TemporaryFolder folder, string model, TrainKind kind = TrainKind.Lora) =>
        Of(folder, model, [], kind)["base model"];

    private static IReadOnlyDictionary<string, string> Of(
        TemporaryFolder folder, string model, IReadOnlyList<ManifestEntry> list, TrainKind kind = TrainKind.Lora) =>
        RunIdentity
            .Of(
                new()
                {
                    BaseModelPath = model,
                    Kind = kind,
                    LambdaGan = 0,
                    LambdaLpips = 0,
                },
                list,
                Sources(folder)
            )
            .Values;

    private static WeightSources Sources(TemporaryFolder folder) => new(new ModelStore(folder["store"]));

    private static void ChangeLastByte(string file)
    {
        using var stream = new FileStream(file, FileMode.Open);
        stream.Seek(-1, SeekOrigin.End);
        int last = stream.ReadByte();
        stream.Seek(-1, SeekOrigin.End);
        stream.WriteByte((byte)(last ^ 1));
    }
}
