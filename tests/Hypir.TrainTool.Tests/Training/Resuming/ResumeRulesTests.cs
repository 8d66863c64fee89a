using Hypir.Testing;
using Hypir.Training.Config;
using Hypir.Training.Resuming;

namespace Hypir.TrainTool.Tests.Training.Resuming;

/// <summary>The table of what may change when a run continues.</summary>
[TestClass]
public sealed class ResumeRulesTests
{
    private static readonly IReadOnlyDictionary<string, string> Settings = ConfigFile.Values(new TrainSettings());

    [TestMethod]
    public void Each_key_of_the_table_is_a_key_of_the_configuration_and_of_the_page()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "training.md"));
        string section = page.Split("\n## ").Single(part => part.StartsWith("Resuming", StringComparison.Ordinal));
        foreach (string key in ResumeRules.Table.Keys)
        {
            Assert.IsTrue(Settings.ContainsKey(key), $"{key} is no key of the configuration.");
            StringAssert.Contains(section, $"`{key.Split('.')[^1]}`");
        }
    }

    [TestMethod]
    public void Every_key_follows_its_rule()
    {
        Assert.IsGreaterThan(80, Settings.Count);
        var before = new RunIdentity(Settings);
        foreach (var (key, value) in Settings)
        {
            var changes = new RunIdentity(new Dictionary<string, string>(Settings) { [key] = value + "0" }).Since(before);
            if (ResumeRules.Table.GetValueOrDefault(key, ResumeRule.Confirm) == ResumeRule.Free)
                Assert.IsEmpty(changes, key);
            else
                Assert.AreEqual($"{key}: {value} → {value}0", changes.Single().ToString());
        }
        Assert.IsEmpty(before.Since(before));
    }

    [TestMethod]
    [DataRow("use_ema", "true", "false", ResumeRule.Confirm), DataRow("use_ema", "false", "true", ResumeRule.Never)]
    [
        DataRow("lambda_gan", "0.5", "0", ResumeRule.Confirm), DataRow("lambda_gan", "0", "0.5", ResumeRule.Never),
        DataRow("lambda_gan", "0.5", "0.7", ResumeRule.Confirm)
    ]
    [DataRow("lora_rank", "4", "2", ResumeRule.Never), DataRow("seed", "1", "2", ResumeRule.Confirm)]
    public void What_was_never_trained_cannot_be_turned_on(string key, string before, string now, object rule) =>
        Assert.AreEqual(rule, new ResumeChange(key, before, now).Rule);

    [TestMethod]
    public void What_another_version_wrote_is_not_compared()
    {
        var older = new RunIdentity(new Dictionary<string, string> { ["seed"] = "1", ["a key of that version"] = "1" });
        Assert.IsEmpty(new RunIdentity(new Dictionary<string, string> { ["seed"] = "1", ["a new key"] = "2" }).Since(older));
    }
}
