using Hypir.Testing;
using Hypir.Training.Config;
using Hypir.Training.Data.RecipeFiles;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Hypir.TrainTool.Tests.Config;

/// <summary>YAML that is broken, endless or hostile is an error with its line, in configurations and in recipes.</summary>
[TestClass]
public sealed class YamlTextTests
{
    private static IEnumerable<object[]> Hostile =>
        [
            ["seed: [1,2\nlora_rank: 4\n", 1], ["seed: 1\nx: {a: [1, 2\nlora_rank: 4\n", 2], ["seed: \"1\nlora_rank: 4\n", 1],
            ["a: [1, 2]]\n", 1], ["a: {b: 1", 1], ["seed: &a [*a]\n", 1], ["x: 1\nseed: &a {b: *a}\n", 2], ["b: &a 1\nseed: &a [*a]\n", 2],
            ["seed: *a\nb: &a 1\n", 1], ["seed: &a [&b [*a, *b]]\n", 1],
            ["seed: " + new string('[', 200_000) + new string(']', 200_000), 1],
            ["seed: " + string.Concat(Enumerable.Repeat("{a: ", 50_000)), 1],
            [string.Concat(Enumerable.Range(0, 300).Select(depth => $"{new string(' ', depth)}a:\n")), 65],
            [string.Concat(Enumerable.Repeat("- ", 50_000)) + "1", 1], [Bomb(9), 4],
            [Bomb(9).Replace("[", "{x: [", StringComparison.Ordinal).Replace("]", "]}", StringComparison.Ordinal), 4],
        ];

    [TestMethod]
    [DynamicData(nameof(Hostile))]
    public void It_is_refused_with_its_line(string yaml, int line)
    {
        var config = Assert.ThrowsExactly<ConfigException>(() => ConfigFile.ParseTraining(yaml, "train.yaml"));
        // What is not closed is noticed where something else comes, which may be later.
        Assert.IsGreaterThanOrEqualTo(line, config.Problems[0].Line);
        Assert.IsLessThanOrEqualTo(line + 2, config.Problems[0].Line);
        Assert.IsLessThan(1000, config.Message.Length);
        using var folder = new TemporaryFolder();
        StringAssert.Contains(Assert.ThrowsExactly<RecipeException>(() => RecipeFile.Read(folder.Write("r.yaml", yaml))).Message, "line ");
    }

    [TestMethod]
    public void Ordinary_aliases_are_read()
    {
        var mapping = (YamlMappingNode)YamlText.Documents("a: &a [1, 2]\nb: [*a, *a]\nc: &a 3\nd: *a\n")[0].RootNode;
        Assert.AreEqual("[ [ 1, 2 ], [ 1, 2 ] ]", mapping["b"].ToString());
        Assert.AreEqual("3", mapping["d"].ToString());
        Assert.HasCount(2, YamlText.Documents("a: &a 1\n---\nb: &a 2\n"));
        Assert.ThrowsExactly<YamlException>(() => YamlText.Documents("a: &a 1\n---\nb: *a\n"), "A name holds for its document.");
    }

    [TestMethod]
    public void A_value_in_a_message_is_cut()
    {
        string yaml = $"seed: [{string.Join(", ", Enumerable.Range(0, 5000))}]\n";
        Assert.IsLessThan(500, Assert.ThrowsExactly<ConfigException>(() => ConfigFile.Parse(yaml, "train.yaml")).Message.Length);
    }

    private static string Bomb(int lines) =>
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + string.Concat(Enumerable.Range(1, lines).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"))
        + $"seed: *a{lines}\n";
}
