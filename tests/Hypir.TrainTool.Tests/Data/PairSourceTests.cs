using Hypir.Testing;
using Hypir.Training.Config;
using Hypir.Training.Data.Manifests;
using Hypir.Training.Data.Pairs;
using Hypir.Training.Data.RecipeFiles;
using Hypir.Training.Degradation.Recipes;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Data;

[TestClass]
public sealed class PairSourceTests : TensorTest
{
    private static readonly DataSettings Settings = new()
    {
        BatchSize = 3,
        QueueSize = 7, // no multiple of the batch
        Workers = 2,
        EmptyPromptProbability = 0.5,
        Crop = new() { Type = Hypir.Training.Data.Crops.CropType.Random, Size = 32 },
    };

    [TestMethod]
    public void A_run_that_goes_on_sees_what_it_would_have_seen()
    {
        using var folder = new TemporaryFolder();
        var entries = Images(folder, 5);
        string[] whole = Batches(new PairSource(Settings, entries, CPU), 10).Texts;
        for (int stop = 0; stop < 10; stop += 3)
        {
            var (first, state) = Batches(new PairSource(Settings, entries, CPU), stop);
            state.Write(folder["queue.safetensors"]);
            var (rest, _) = Batches(
                new PairSource(Settings with { Workers = 1 }, entries, CPU, PairSourceState.Read(folder["queue.safetensors"])), 10 - stop);
            CollectionAssert.AreEqual(whole, first.Concat(rest).ToArray(), $"stopped after {stop}");
        }
        CollectionAssert.AreNotEqual(whole, Batches(new PairSource(Settings with { Seed = 5 }, entries, CPU), 10).Texts);
    }

    [TestMethod]
    public void The_pool_mixes_batches_and_each_pair_stays_what_its_recipe_says()
    {
        using var folder = new TemporaryFolder();
        using var source = new PairSource(Settings, Images(folder, 5), CPU);
        using var scope = NewDisposeScope();
        bool mixed = false;
        for (int i = 0; i < 8; i++)
        {
            var (batch, skipped) = source.Next();
            Assert.AreEqual(i, batch.Number);
            Assert.IsEmpty(skipped);
            mixed |= batch.Pairs.Select(pair => pair.Recipe).Distinct(ReferenceEqualityComparer.Instance).Count() > 1;
            Tensor gt = batch.Gt(CPU), lq = batch.Lq(CPU);
            for (int j = 0; j < batch.Pairs.Count; j++)
            {
                var recipe = batch.Pairs[j].Recipe;
                var images = stack(recipe.Samples.Select(sample => Hypir.Training.Data.SampleImage.Load(sample)));
                using var expected = RecipeApplier.Apply(recipe.Degradation, Hypir.Training.Data.ImageTensor.ToUnit(images));
                int place = batch.Pairs[j].Place;
                Assert.IsTrue(expected.Gt[place].equal(gt[j]).all().item<bool>());
                Assert.IsTrue(expected.Lq[place].equal(lq[j]).all().item<bool>());
                Assert.AreEqual(recipe.Samples[place].Prompt, batch.Prompts[j]);
            }
        }
        Assert.IsTrue(mixed);
    }

    [TestMethod]
    public void A_file_that_is_no_state_is_told()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        Hypir.Networks.Checkpoints.SafetensorsWriter.Write(folder["x"], new Dictionary<string, Tensor> { ["a"] = ones(2) });
        Assert.ThrowsExactly<RecipeException>(() => PairSourceState.Read(folder["x"]));
    }

    private static (string[] Texts, PairSourceState State) Batches(PairSource source, int count)
    {
        using (source)
        {
            var texts = new List<string>();
            for (int i = 0; i < count; i++)
                texts.Add(
                    string.Join(
                        ';',
                        source
                            .Next()
                            .Batch.Pairs.Select(pair => $"{pair.Prompt} {Convert.ToHexString(pair.Lq)} {string.Join(',', pair.Gt)}")
                    )
                );
            return ([.. texts], source.State);
        }
    }

    private static ManifestEntry[] Images(TemporaryFolder folder, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new ManifestEntry(TestImages.Save(folder, $"{i}.png", 40 + i, 36), $"caption {i}"))];
}
