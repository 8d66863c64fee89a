using Hypir.Testing;
using Hypir.Training.Data.Manifests;

namespace Hypir.TrainTool.Tests.Data;

[TestClass]
public sealed class ManifestTests
{
    private static readonly string Fixtures = Path.Combine(Repository.Root, "tests", "Hypir.TrainTool.Tests", "Fixtures");

    [TestMethod]
    public void Parquet_of_another_program_is_read()
    {
        string list = Path.Combine(Fixtures, "list-snappy.parquet");
        ManifestEntry[] expected = [new("a.png", "a cat, sitting"), new("sub/b.jpg", ""), new("c.webp", "ein Hündchen")];
        CollectionAssert.AreEqual(expected, Manifest.Read(list, new()).ToArray());
        CollectionAssert.AreEqual(
            new[] { "x", "y", "ß" }, Manifest.Read(list, new() { PromptKey = "text2" }).Select(entry => entry.Prompt).ToArray());
        Assert.IsTrue(
            Manifest
                .Read(list, new() { PromptKey = "none", ImagePathPrefix = "/data" })
                .SequenceEqual(expected.Select(entry => new ManifestEntry("/data/" + entry.Path, "")))
        );
        var large = Manifest.Read(Path.Combine(Fixtures, "list-zstd.parquet"), new());
        Assert.AreEqual(503, large.Count);
        CollectionAssert.IsSubsetOf(
            expected.Concat(Enumerable.Range(0, 500).Select(i => new ManifestEntry($"n{i}.png", $"p{i % 3}"))).ToList(), large.ToList());
    }

    [TestMethod]
    public void Missing_columns_are_told_with_those_there_are()
    {
        string list = Path.Combine(Fixtures, "list-snappy.parquet");
        foreach (var settings in new ManifestSettings[] { new() { ImagePathKey = "file" }, new() { PromptKey = "caption" } })
        {
            var error = Assert.ThrowsExactly<ManifestException>(() => Manifest.Read(list, settings));
            StringAssert.Contains(error.Message, "image_path, prompt");
        }
        StringAssert.Contains(
            Assert.ThrowsExactly<ManifestException>(() => Manifest.Read(list, new() { ImagePathKey = "id" })).Message, "not text");
    }

    [TestMethod]
    public void Text_lists_have_a_path_a_line()
    {
        using var folder = new TemporaryFolder();
        string list = folder.Write("pictures.txt", "a.png\n\n  with space.jpg  \r\n/absolute/c.png\n");
        CollectionAssert.AreEqual(
            new[] { "p/a.png", "p/with space.jpg", "/absolute/c.png" },
            Manifest.Read(list, new() { ImagePathPrefix = "p" }).Select(entry => entry.Path).ToArray());
        CollectionAssert.AreEqual(
            Manifest.Read(list, new()).ToArray(), Manifest.Read(folder.Write("pictures.list", File.ReadAllText(list)), new()).ToArray());
    }

    [TestMethod]
    public void Csv_and_json_lines_have_columns()
    {
        using var folder = new TemporaryFolder();
        string csv = folder.Write("l.csv", "prompt,image_path\n\"a \"\"big\"\" cat, sitting\",a.png\n,b.png\n");
        string json = folder.Write(
            "l.jsonl", "{\"image_path\":\"a.png\",\"prompt\":\"a \\\"big\\\" cat, sitting\",\"more\":[1]}\n\n{\"image_path\":\"b.png\"}\n");
        ManifestEntry[] expected = [new("a.png", "a \"big\" cat, sitting"), new("b.png", "")];
        CollectionAssert.AreEqual(expected, Manifest.Read(csv, new()).ToArray());
        CollectionAssert.AreEqual(expected, Manifest.Read(json, new()).ToArray());
    }

    [TestMethod]
    public void What_is_not_found_from_the_working_folder_is_sought_beside_the_list()
    {
        using var folder = new TemporaryFolder();
        string image = TestImages.Save(folder, "p/a.png", 4, 4);
        Assert.AreEqual(image, Manifest.Read(folder.Write("l.txt", "p/a.png\n"), new()).Single().Path);
        Assert.AreEqual(image, Manifest.Read(folder.Write("m.txt", "a.png\n"), new() { ImagePathPrefix = "p" }).Single().Path);
    }

    [TestMethod]
    public void Folders_give_their_images_in_order()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "b.PNG", "a.jpg", "sub/c.webp", "note.md" })
            folder.Write(name, "");
        string[] Names(bool recursive) =>
            [.. Manifest.Read(folder.Path, new(), recursive).Select(entry => Path.GetRelativePath(folder.Path, entry.Path))];
        CollectionAssert.AreEqual(new[] { "a.jpg", "b.PNG" }, Names(false));
        CollectionAssert.AreEqual(new[] { "a.jpg", "b.PNG", Path.Combine("sub", "c.webp") }, Names(true));
    }

    [TestMethod]
    [
        DataRow("l.parquet", "no parquet"), DataRow("l.csv", ""), DataRow("l.csv", "image_path,prompt\na.png\n"),
        DataRow("l.csv", "image_path\n\"a\"b\"\n"), DataRow("l.jsonl", "[1]"), DataRow("l.jsonl", "{"),
        DataRow("l.jsonl", "{\"image_path\": 3}"), DataRow("l.jsonl", "{\"path\": \"a\"}"), DataRow("l.docx", "x")
    ]
    public void Damaged_lists_are_told(string name, string text)
    {
        using var folder = new TemporaryFolder();
        StringAssert.Contains(Assert.ThrowsExactly<ManifestException>(() => Manifest.Read(folder.Write(name, text), new())).Message, name);
    }
}
