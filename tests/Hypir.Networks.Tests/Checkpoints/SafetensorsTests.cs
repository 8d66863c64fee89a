using Hypir.Networks.Checkpoints;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Checkpoints;

[TestClass]
public sealed class SafetensorsTests : TensorTest
{
    private static readonly ScalarType[] Types =
    [
        ScalarType.Float64,
        ScalarType.Float32,
        ScalarType.Float16,
        ScalarType.BFloat16,
        ScalarType.Int64,
        ScalarType.Int32,
        ScalarType.Int16,
        ScalarType.Int8,
        ScalarType.Byte,
        ScalarType.Bool,
    ];

    [TestMethod]
    public void What_is_written_is_read_again_with_types_shapes_values_and_metadata()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var tensors = Types.ToDictionary(type => $"é \"{type}\"", type => (arange(12) % 5).to(type).reshape(3, 4));
        tensors["transposed"] = arange(6, float32).reshape(2, 3).t();
        tensors["scalar"] = tensor(2.5);
        tensors["empty"] = zeros(2, 0, 3);
        string path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { ["format"] = "pt", ["case"] = "{\"é\": 1}" });

        using var file = SafetensorsFile.Open(path);
        CollectionAssert.AreEquivalent(tensors.Keys, file.Tensors.Keys.ToArray());
        Assert.AreEqual("{\"é\": 1}", file.Metadata["case"]);
        foreach (var (name, expected) in tensors)
        {
            var actual = file.Read(name);
            Assert.AreEqual(expected.dtype, actual.dtype, name);
            CollectionAssert.AreEqual(expected.shape, actual.shape, name);
            Assert.IsTrue(expected.equal(actual).all().item<bool>(), name);
        }
        Assert.HasCount(1, Directory.GetFiles(folder.Path), "The temporary file is still there.");
    }

    [TestMethod]
    public void Equal_tensors_give_equal_bytes_whatever_their_order()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var (a, b, c) = (arange(5, float32), arange(3, int64), ones(3, ScalarType.Byte));
        SafetensorsWriter.Write(folder.File("1"), new Dictionary<string, Tensor> { ["a"] = a, ["b"] = b, ["c"] = c });
        SafetensorsWriter.Write(folder.File("2"), new Dictionary<string, Tensor> { ["c"] = c, ["b"] = b, ["a"] = a });
        CollectionAssert.AreEqual(File.ReadAllBytes(folder.File("1")), File.ReadAllBytes(folder.File("2")));
    }

    [TestMethod]
    public void Aligned_tensors_share_the_mapped_file_and_live_on_after_it()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = arange(1000, float32), ["b"] = ones(8, float32) });
        Tensor first, second, b;
        using (var file = SafetensorsFile.Open(path))
            (first, second, b) = (file.Read("a"), file.Read("a"), file.Read("b"));
        first[0] = 7;
        Assert.AreEqual(7f, second[0].item<float>(), "Two reads of one tensor have memory of their own: it was copied.");
        using (var again = SafetensorsFile.Open(path))
            Assert.AreEqual(0f, again.Read("a")[0].item<float>(), "The file itself was changed.");
        Assert.AreEqual(8f, b.sum().item<float>());
    }

    [TestMethod]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = ones(2) });
        byte[] before = File.ReadAllBytes(path);
        var broken = ones(2);
        broken.Dispose();
        Assert.Throws<Exception>(() => SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["a"] = ones(2), ["b"] = broken }));
        using (var truncated = new TruncatedSource())
            Assert.Throws<CheckpointException>(() => SafetensorsWriter.Write(path, truncated));
        CollectionAssert.AreEqual(before, File.ReadAllBytes(path));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void A_missing_file_is_told_as_such()
    {
        var e = Assert.Throws<ModelException>(() => SafetensorsFile.Open(Path.Combine(Path.GetTempPath(), "there-is-no-such.safetensors")));
        StringAssert.Contains(e.Message, "no such file");
    }

    /// <summary>A source whose second tensor turns out to be damaged when it is read.</summary>
    private sealed class TruncatedSource : ITensorSource
    {
        public string Path => "truncated";

        public IReadOnlyDictionary<string, TensorInfo> Tensors { get; } = new[] { "a", "b" }.ToDictionary(
            name => name, name => new TensorInfo(name, ScalarType.Float32, [3]));

        public Tensor Read(string name) =>
            name == "a" ? ones(3) : throw new CheckpointException(CheckpointErrorKind.Truncated, Path, "cut off");

        public void Dispose()
        {
        }
    }
}
