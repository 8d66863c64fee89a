
using Hypir.Imaging;
using Hypir.Testing;
using Hypir.Training.Config;
using Hypir.Training.Data;
using Hypir.Training.Data.Crops;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Data.RecipeFiles;
using Hypir.Training.Degradation.Recipes;
using TorchSharp;

namespace Hypir.TrainTool.Tests.Data;

[TestClass]
public sealed class TrainingLoaderTests : TensorTest
{
    private static readonly DataSettings Settings = new()
    {
        BatchSize = 3,
        EmptyPromptProbability = 0.5,
        Crop = new() { Type = CropType.Random, Size = 24 },
        Flips = new() { UseHorizontal = true, UseRotation = true },
    };

    [TestMethod]
    [DataRow(1), DataRow(2), DataRow(5)]
    public void Batches_do_not_depend_on_the_number_of_workers_nor_on_where_one_begins(int workers)
    {
        using var folder = new TemporaryFolder();
        var entries = Images(folder, 5);
        string[] expected = Batches(Settings with { Workers = 1 }, entries, 0, 12);
        CollectionAssert.AreEqual(expected, Batches(Settings with { Workers = workers }, entries, 0, 12));
        CollectionAssert.AreEqual(expected[7..], Batches(Settings with { Workers = workers }, entries, 7, 5));
        CollectionAssert.AreNotEqual(expected, Batches(Settings with { Seed = 8, Workers = workers }, entries, 0, 12));
        Assert.AreEqual(expected.Length, expected.Distinct().Count());
    }

    [TestMethod]
    public void An_epoch_visits_each_image_once()
    {
        using var folder = new TemporaryFolder();
        var entries = Images(folder, 6);
        using var loader = new TrainingLoader(Settings, entries);
        string? last = null;
        for (int epoch = 0; epoch < 4; epoch++)
        {
            string[] seen = [.. loader.Next().Samples.Concat(loader.Next().Samples).Select(sample => sample.Recipe.Source)];
            CollectionAssert.AreEquivalent(entries.Select(entry => entry.Path).ToArray(), seen);
            Assert.AreNotEqual(last, last = string.Join(',', seen));
        }
    }

    [TestMethod]
    public void A_batch_is_what_its_recipe_says()
    {
        using var folder = new TemporaryFolder();
        var entries = Images(folder, 3);
        using var loader = new TrainingLoader(Settings, entries);
        var prompts = new HashSet<string>();
        for (int i = 0; i < 6; i++)
        {
            using var scope = torch.NewDisposeScope();
            var batch = loader.Next();
            Assert.AreEqual(i, batch.Number);
            var recipe = RecipeJson.Parse(RecipeJson.Line(batch.Recipe), "batch");
            var images = batch.Images(torch.CPU);
            CollectionAssert.AreEqual(new long[] { 3, 3, 24, 24 }, images.shape);
            var again = torch.stack([.. recipe.Samples.Select(sample => ImageTensor.ToUnit(SampleImage.Load(sample)))]);
            Assert.IsTrue(images.equal(again).all().item<bool>());
            using var pair = RecipeApplier.Apply(recipe.Degradation, images);
            CollectionAssert.AreEqual(images.shape, pair.Lq.shape);
            prompts.UnionWith(batch.Samples.Select(sample => sample.Recipe.Prompt));
        }
        Assert.IsTrue(
            prompts.Contains("") && prompts.Any(prompt => prompt.StartsWith("image", StringComparison.Ordinal)),
            "Captions are dropped always or never.");
    }

    [TestMethod]
    public void An_image_that_cannot_be_used_gives_its_turn_to_another()
    {
        using var folder = new TemporaryFolder();
        var entries = Images(folder, 3).Append(new(folder["absent.png"], "")).Append(new(folder.Write("bad.png", "text"), "")).ToList();
        string[] one = Batches(Settings with { Workers = 1 }, entries, 0, 10);
        CollectionAssert.AreEqual(one, Batches(Settings with { Workers = 3 }, entries, 0, 10));
        using var loader = new TrainingLoader(Settings, entries);
        string[] skipped = [.. Enumerable.Range(0, 10).SelectMany(_ => loader.Next().Samples).SelectMany(sample => sample.Skipped)];
        Assert.IsTrue(
            skipped.Any(why => why.Contains("absent.png", StringComparison.Ordinal))
                && skipped.Any(why => why.Contains("bad.png", StringComparison.Ordinal))
        );
        using var hopeless = new TrainingLoader(Settings, [entries[^1]]);
        StringAssert.Contains(Assert.ThrowsExactly<ManifestException>(() => hopeless.Next()).Message, "bad.png");
    }

    [TestMethod]
    public void Without_cropping_images_need_the_size()
    {
        using var folder = new TemporaryFolder();
        var settings = Settings with { BatchSize = 1, Crop = new() { Type = CropType.None, Size = 40 } };
        using var good = new TrainingLoader(settings, [new(TestImages.Save(folder, "a.png", 40, 40), "")]);
        Assert.AreEqual(40, good.Next().Samples[0].Width);
        using var bad = new TrainingLoader(settings, [new(TestImages.Save(folder, "b.png", 41, 40), "")]);
        StringAssert.Contains(Assert.ThrowsExactly<ManifestException>(() => bad.Next()).Message, "40x40");
    }

    [TestMethod]
    public void An_image_that_changed_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = TestImages.Save(folder, "a.png", 40, 40);
        var recipe = new SampleRecipe { Name = "a", Source = path, Width = 41, Height = 40 };
        Assert.ThrowsExactly<ImageException>(() => SampleImage.Load(recipe));
    }

    private static List<ManifestEntry> Images(TemporaryFolder folder, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new ManifestEntry(TestImages.Save(folder, $"{i}.png", 30 + 7 * i, 50 - 3 * i), $"image {i}")),
        ];

    private static string[] Batches(DataSettings settings, IReadOnlyList<ManifestEntry> entries, long first, int count)
    {
        using var loader = new TrainingLoader(settings, entries, first);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => loader.Next())
                .Select(batch =>
                    $"{batch.Number} {RecipeJson.Line(batch.Recipe)} "
                        + $"{string.Concat(batch.Samples.Select(sample => Convert.ToHexString(sample.Pixels)))}"
                ),
        ];
    }
}
