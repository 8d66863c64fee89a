using System.Diagnostics;
using System.Text.Json;
using Hypir.Networks.Checkpoints;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Checkpoints;

[TestClass]
public sealed class TorchFileWriterTests : TensorTest
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

    // The distribution's own interpreter: others on the path may have no torch.
    private static readonly string[] Pythons = ["/usr/bin/python3", "python3"];

    private const string Reader = """
        import json, sys, torch
        state = torch.load(sys.argv[1], map_location="cpu")
        assert type(state).__name__ == "OrderedDict", type(state)
        print(json.dumps({key: [str(value.dtype), list(value.shape), value.double().flatten().tolist()] for key, value in state.items()}))
        """;

    [TestMethod]
    public void What_is_written_is_read_again_with_types_shapes_and_values()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var tensors = Tensors();
        TorchFileWriter.Write(folder.File("a.pth"), tensors);

        using var file = TorchFile.Open(folder.File("a.pth"));
        CollectionAssert.AreEquivalent(tensors.Keys, file.Tensors.Keys.ToArray());
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
        var (a, b) = (arange(5, float32), arange(3, int64));
        TorchFileWriter.Write(folder.File("1"), new Dictionary<string, Tensor> { ["a"] = a, ["b"] = b });
        TorchFileWriter.Write(folder.File("2"), new Dictionary<string, Tensor> { ["b"] = b, ["a"] = a });
        CollectionAssert.AreEqual(File.ReadAllBytes(folder.File("1")), File.ReadAllBytes(folder.File("2")));
    }

    [TestMethod]
    public void A_type_that_the_format_lacks_is_told_and_an_older_file_stays()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        TorchFileWriter.Write(folder.File("a.pth"), new Dictionary<string, Tensor> { ["a"] = ones(2) });
        byte[] before = File.ReadAllBytes(folder.File("a.pth"));
        Assert.ThrowsExactly<ArgumentException>(() =>
            TorchFileWriter.Write(folder.File("a.pth"), new Dictionary<string, Tensor> { ["a"] = ones(2, ScalarType.ComplexFloat32) })
        );
        CollectionAssert.AreEqual(before, File.ReadAllBytes(folder.File("a.pth")));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void Python_s_torch_loads_it()
    {
        if (Pythons.FirstOrDefault(python => Run(python, "-c", "import torch") is not null) is not { } found)
        {
            Assert.Inconclusive("There is no Python with torch here (Debian: python3-torch).");
            return;
        }
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var tensors = Tensors();
        TorchFileWriter.Write(folder.File("a.pth"), tensors);
        string? text = Run(found, "-c", Reader, folder.File("a.pth"));
        Assert.IsNotNull(text, "Python's torch refused the file.");
        using var read = JsonDocument.Parse(text);
        CollectionAssert.AreEqual(
            tensors.Keys.Order(StringComparer.Ordinal).ToArray(), read.RootElement.EnumerateObject().Select(entry => entry.Name).ToArray());
        foreach (var (name, expected) in tensors)
        {
            var entry = read.RootElement.GetProperty(name);
            Assert.AreEqual("torch." + Python(expected.dtype), entry[0].GetString(), name);
            CollectionAssert.AreEqual(expected.shape, entry[1].EnumerateArray().Select(size => size.GetInt64()).ToArray(), name);
            CollectionAssert.AreEqual(
                expected.to(float64).contiguous().flatten().data<double>().ToArray(),
                entry[2].EnumerateArray().Select(value => value.GetDouble()).ToArray(), name);
        }
    }

    private static Dictionary<string, Tensor> Tensors()
    {
        var tensors = Types.ToDictionary(type => $"a.{type}", type => (arange(12) % 5).to(type).reshape(3, 4));
        tensors["transposed.é"] = arange(6, float32).reshape(2, 3).t();
        tensors["scalar"] = tensor(2.5);
        tensors["empty"] = zeros(2, 0, 3);
        return tensors;
    }

    private static string Python(ScalarType type) => type == ScalarType.Byte ? "uint8" : type.ToString().ToLowerInvariant();

    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            errors.Wait();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // there is no such program
        }
    }
}
