using Hypir.Planning;

namespace Hypir.Restoration.Tests.Planning;

[TestClass]
public sealed class SpeedBookTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hypir-speeds").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void The_last_measurement_of_each_model_device_and_precision_is_kept()
    {
        var book = new SpeedBook(Path.Combine(_folder, "new", "speeds.json"));
        Assert.AreEqual(0, book.Read().Count);
        var first = new MeasuredSpeed("cpu", ComputePrecision.Float32, "a", 1e11);
        var other = first with { Model = "b" };
        var again = first with { OperationsPerSecond = 2e11 };
        foreach (MeasuredSpeed speed in new[] { first, other, again })
            book.Remember(speed);
        CollectionAssert.AreEquivalent(new[] { other, again }, book.Read().ToArray());
        Assert.AreEqual(1, Directory.GetFiles(Path.Combine(_folder, "new")).Length, "No temporary file stays.");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("{}")]
    [DataRow("[null, 3]")]
    [DataRow("""[{"Device": "cpu", "Precision": "nonsense", "Model": "a", "OperationsPerSecond": 1}]""")]
    public void A_damaged_file_is_as_good_as_none(string text)
    {
        string path = Path.Combine(_folder, "speeds.json");
        File.WriteAllText(path, text);
        Assert.AreEqual(0, new SpeedBook(path).Read().Count);
        new SpeedBook(path).Remember(new("cpu", ComputePrecision.Float32, "a", 1));
        Assert.AreEqual(1, new SpeedBook(path).Read().Count);
    }

    [TestMethod]
    public void A_place_that_cannot_be_written_is_no_failure()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        new SpeedBook(Path.Combine(file, "speeds.json")).Remember(new("cpu", ComputePrecision.Float32, "a", 1));
    }
}
