using Hypir.Testing;
using Hypir.Training.Data;
using Hypir.Training.Data.Crops;
using Hypir.Training.Data.RecipeFiles;
using Hypir.Training.Degradation;
using Hypir.Training.Degradation.Recipes;

namespace Hypir.TrainTool.Tests.Data;

[TestClass]
public sealed class RecipeFileTests
{
    [TestMethod]
    [DataRow("recipes.jsonl"), DataRow("recipes.yaml")]
    public void Recipes_read_back_to_the_last_bit(string name)
    {
        using var folder = new TemporaryFolder();
        BatchRecipe[] recipes = [.. Enumerable.Range(0, 200).Select(i => Sample(i, 1 + i % 3))];
        using (var writer = new StreamWriter(folder[name]))
            foreach (var recipe in recipes)
                RecipeFile.Append(writer, name.EndsWith("yaml", StringComparison.Ordinal), recipe);
        var read = RecipeFile.Read(folder[name]);
        CollectionAssert.AreEqual(recipes.Select(RecipeJson.Line).ToList(), read.Select(RecipeJson.Line).ToList());
        for (int i = 0; i < recipes.Length; i++)
        {
            Assert.AreEqual(recipes[i].Degradation.Stage1, read[i].Degradation.Stage1);
            CollectionAssert.AreEqual(recipes[i].Degradation.Images.ToList(), read[i].Degradation.Images.ToList());
            CollectionAssert.AreEqual(recipes[i].Samples.ToList(), read[i].Samples.ToList());
        }
    }

    [TestMethod]
    [DataRow("\"scale\":", "\"scal\":", "scal")]
    [DataRow("\"mode\":\"", "\"mode\":\"tri", "mode")]
    [DataRow("\"second_blur\":", "\"second_blur\":1,\"x\":", "second_blur")]
    [DataRow("\"noise_seed\":", "\"noise_seed\":-1", "noise_seed")]
    [DataRow("\"size\":", "\"size\":2", "size")]
    [DataRow("\"name\":\"", "\"name\":\"../", "name")]
    [DataRow("\"quality\":", "\"quality\":-1", "quality")]
    public void A_wrong_line_is_named(string find, string replace, string word)
    {
        using var folder = new TemporaryFolder();
        string good = RecipeJson.Line(Sample(3, 1));
        StringAssert.Contains(good, find);
        string bad = good.Replace(find, replace, StringComparison.Ordinal);
        var error = Assert.ThrowsExactly<RecipeException>(() => RecipeFile.Read(folder.Write("r.jsonl", $"{good}\n\n{bad}\n")));
        StringAssert.Contains(error.Message, "line 3");
        StringAssert.Contains(error.Message, word);
    }

    [TestMethod]
    [
        DataRow("r.jsonl", ""), DataRow("r.jsonl", "null"), DataRow("r.yaml", "a: [1"), DataRow("r.yaml", ""), DataRow("r.json", "[]"),
        DataRow("r.jsonl", "{\"samples\":[]}")
    ]
    public void What_is_no_recipe_is_told(string name, string text)
    {
        using var folder = new TemporaryFolder();
        var error = Assert.ThrowsExactly<RecipeException>(() => RecipeFile.Read(folder.Write(name, text)));
        StringAssert.Contains(error.Message, name);
        Assert.ThrowsExactly<RecipeException>(() => RecipeFile.Read(folder["absent.jsonl"]));
    }

    private static BatchRecipe Sample(int seed, int count)
    {
        var random = new SeededRandom(seed);
        var sampler = new RecipeSampler(new());
        return new(
            [.. Enumerable.Range(0, count).Select(i => new SampleRecipe
            {
                Name = $"image {seed}-{i}",
                Source = i == 0 ? "a folder/pi: \"cture\" №.png" : "123",
                Width = 100,
                Height = 90,
                Crop = seed % 2 == 0 ? null : new CropRecipe(32, 40, 3, 5),
                Flips = new(seed % 2 == 0, seed % 3 == 0, false),
                Prompt = seed % 4 == 0 ? "a # cat: true" : "",
            })],
            sampler.Recipe(random, [.. Enumerable.Range(0, count).Select(_ => sampler.Kernels(random))]));
    }
}
