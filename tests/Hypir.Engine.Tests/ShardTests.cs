using Hypir.Engine.Restoring;

namespace Hypir.Engine.Tests;

/// <summary>Parts of a job for several processes.</summary>
[TestClass]
public sealed class ShardTests : EngineTest
{
    [TestMethod]
    public void Parts_are_a_partition_and_their_results_those_of_one_run()
    {
        string[] names = ["b.png", "B.jpg", "a/é.webp", "a.png", "a/z.tif", "sub/deep/1.bmp", "10.png"];
        for (int i = 0; i < names.Length; i++)
            MakeImage("in/" + names[i], 24 + i, 40 - i);
        Hypir("restore", "in", "-o", "whole", "-r").MustEnd(ExitCode.Success);
        // One part more than there are images; and from the last to the first, with what is done by then in the way.
        int count = names.Length + 1;
        for (int part = count - 1; part >= 0; part -= 3)
        {
            // Some parts by processes, the rest below by the class that they use.
            var run = Hypir("restore", "in", "-o", "parts", "-r", "--json", "--shard", $"{part}/{count}").MustEnd(ExitCode.Success);
            Assert.AreEqual(part == count - 1 ? 0 : 1, run.Of("summary").Single().GetProperty("restored").GetInt32());
        }

        string[] some = Contents("parts");
        CollectionAssert.IsSubsetOf(some, Contents("whole"));
        Assert.HasCount(2, some);
        foreach (int half in new[] { 1, 0 })
            Hypir("restore", "in", "-o", "parts", "-r", "--resume", "--shard", $"{half}/2").MustEnd(ExitCode.Success);
        CollectionAssert.AreEqual(Contents("whole"), Contents("parts"));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(40)]
    public void Each_image_is_in_one_part_whatever_the_order_in_which_it_was_found(int count)
    {
        var random = new Random(count);
        ImageJob[] images =
        [
            .. Enumerable
                .Range(0, 31)
                .Select(i => new ImageJob($"in/{i}.png", $"out/{i}.png", Path.Combine($"{random.Next(5)}", $"{i}.png"))),
        ];
        var parts = Enumerable.Range(0, count).Select(part => new Shard(part, count).Of(images)).ToArray();
        CollectionAssert.AreEquivalent(images, parts.SelectMany(part => part).ToArray());
        Assert.IsLessThanOrEqualTo(1, parts.Max(part => part.Count) - parts.Min(part => part.Count));
        random.Shuffle(images);
        for (int part = 0; part < count; part++)
            CollectionAssert.AreEqual(parts[part].ToArray(), new Shard(part, count).Of(images).ToArray());
    }

    [TestMethod]
    [DataRow("8/8")]
    [DataRow("-1/8")]
    [DataRow("0/0")]
    [DataRow("1")]
    [DataRow("1/2/3")]
    [DataRow("+1/2")]
    [DataRow("1.0/2")]
    [DataRow("99999999999/2")]
    public void What_is_no_part_is_refused(string text) => Assert.IsNull(Shard.Parse(text));

    [TestMethod]
    public void Wrong_options_are_told()
    {
        MakeImage("a.png", 24, 24);
        foreach (
            string[] wrong in new string[][]
            {
                ["--shard", "8/8"],
                ["--resume", "--overwrite"],
                ["--report", "a.png"],
                ["--report", "r.html", "--dry-run"],
            }
        )
            StringAssert.Contains(Hypir(["restore", "a.png", .. wrong]).MustEnd(ExitCode.Usage).Error, wrong[0]);
        CollectionAssert.AreEqual(new[] { "a.png" }, Files());
    }

    private string[] Contents(string folder) =>
        [
            .. Files()
                .Where(file => file.StartsWith(folder + "/", StringComparison.Ordinal))
                .Select(file =>
                    file[(folder.Length + 1)..]
                    + " "
                    + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(In(file))))
                ),
        ];
}
