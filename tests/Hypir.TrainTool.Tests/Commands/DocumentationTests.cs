
using Hypir.Imaging;
using Hypir.Testing;
using Hypir.Training.Config;

namespace Hypir.TrainTool.Tests.Commands;

/// <summary>docs/degradation.md shows and says what the program does.</summary>
[TestClass]
public sealed class DocumentationTests
{
    private static readonly string Images = Path.Combine(Repository.Root, "docs", "images", "degradation");
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "degradation.md"));

    [TestMethod]
    public void Its_images_are_what_the_program_makes()
    {
        using var folder = new TemporaryFolder();
        BuiltProgram
            .Trainer.Run(folder.Path, "degrade", "--replay", Path.Combine(Images, "elements.yaml"), "-o", "made", "--contact-sheet", "0")
            .MustEnd(ExitCode.Success);
        string[] made = [.. Directory.GetFiles(folder["made", "lq"]).Select(path => Path.GetFileName(path)).Order()];
        CollectionAssert.AreEqual(
            Directory.GetFiles(Path.Combine(Images, "lq")).Select(path => Path.GetFileName(path)).Order().ToArray(), made);
        foreach (string name in made)
        {
            byte[] expected = ImageFile.Load(Path.Combine(Images, "lq", name)).Rgb,
                actual = ImageFile.Load(folder["made", "lq", name]).Rgb;
            Assert.AreEqual(expected.Length, actual.Length, name);
            // Another processor may round a coefficient of a JPEG at a tie the other way, and change its block by a little.
            double mean = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Average();
            Assert.IsTrue(mean <= 0.1, $"{name} differs by {mean} levels.");
            StringAssert.Contains(Text, $"images/degradation/lq/{name}");
        }
    }

    [TestMethod]
    public void It_names_every_key()
    {
        foreach (string line in ConfigFile.Text(new DataSettings()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string key = line.Trim().Split(':')[0];
            Assert.IsTrue(
                Text.Contains($"`{key}", StringComparison.Ordinal) || Text.Contains($"{key}`", StringComparison.Ordinal),
                $"It does not name {key}.");
        }
    }

    [TestMethod]
    public void Its_table_of_exit_codes_is_complete()
    {
        // This program runs no engine and downloads nothing.
        foreach (var code in Enum.GetValues<ExitCode>().Except([ExitCode.AlreadyRunning, ExitCode.NoDownload]))
            StringAssert.Contains(Text, $"| {(int)code} | {code} |");
    }
}
