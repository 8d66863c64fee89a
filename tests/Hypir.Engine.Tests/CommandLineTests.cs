using Hypir.Engine.Reporting;
using Hypir.Networks.Checkpoints;
using Hypir.Testing;

namespace Hypir.Engine.Tests;

/// <summary>Help, versions, the documented exit codes, and the smaller commands.</summary>
[TestClass]
public sealed class CommandLineTests : EngineTest
{
    [TestMethod]
    [DataRow("--help", "hypir restore photo.jpg")]
    [DataRow("restore --help", "--longest-side")]
    [DataRow("restore --help", "Exit codes")]
    [DataRow("models convert --help", "SOURCE TARGET")]
    public void Help_tells(string arguments, string told)
    {
        var run = Hypir(arguments.Split(' ')).MustEnd(ExitCode.Success);
        StringAssert.Contains(run.Output, told);
        Assert.IsTrue(run.Output.Split('\n').All(line => line.Length <= 120), "Lines fit a terminal.");
    }

    [TestMethod]
    public void Help_names_every_option_that_the_documents_promise()
    {
        string help = Hypir("restore", "--help").Output;
        const string Promised = """
            --output --recursive --format --suffix --on-exists --overwrite --shard --resume --report --upscale --longest-side --width
            --height --megapixels --crop --mask --map --strength --jpeg-consistent --prompt --prompt-dir --seed --model --lora --unmerged
            """ + """
             --t
            --coeff-t --mode --device --precision --tile --stride --threads --engine --force --try --dry-run --quiet --json --verbose
            """;
        foreach (string option in Promised.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            StringAssert.Contains(help, option + (help.Contains(option + "\n", StringComparison.Ordinal) ? "" : " "));
    }

    [TestMethod]
    public void Version_names_the_libraries_and_the_device()
    {
        string[] lines = Hypir("--version")
            .MustEnd(ExitCode.Success)
            .Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        CollectionAssert.AreEqual(
            new[] { "hypir", "TorchSharp", "libtorch", "device" }, lines.Select(line => line.Split(' ')[0]).ToArray());
        Assert.IsTrue(lines[..3].All(line => Version.TryParse(line.Split(' ')[1], out _)), string.Join('\n', lines));
    }

    [TestMethod]
    public void The_documents_list_the_exit_codes()
    {
        string document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "cli.md"));
        foreach (var code in Enum.GetValues<ExitCode>())
            StringAssert.Contains(document, $"| {(int)code} | {code} |");
    }

    [TestMethod]
    public void A_torch_file_is_converted()
    {
        string source = Directory.GetFiles(Goldens.Require("tiny-lora"), "*.pth").Order(StringComparer.Ordinal).First();
        var run = Hypir("models", "convert", source, "out.safetensors").MustEnd(ExitCode.Success);
        StringAssert.Contains(run.Output, "out.safetensors");
        using ITensorSource before = CheckpointFile.Open(source), after = CheckpointFile.Open(In("out.safetensors"));
        CollectionAssert.AreEquivalent(before.Tensors.Keys.ToArray(), after.Tensors.Keys.ToArray());
        foreach (string key in before.Tensors.Keys)
        {
            using var expected = before.Read(key);
            using var actual = after.Read(key);
            Assert.IsTrue(expected.Equals(actual), key);
        }
    }

    [TestMethod]
    public void A_conversion_replaces_nothing_unasked_and_refuses_what_is_no_checkpoint()
    {
        string source = Directory.GetFiles(Goldens.Require("tiny-lora"), "*.pth").Order(StringComparer.Ordinal).First();
        File.WriteAllText(In("out.safetensors"), "precious");
        StringAssert.Contains(Hypir("models", "convert", source, "out.safetensors").MustEnd(ExitCode.CannotWrite).Error, "--overwrite");
        Assert.AreEqual("precious", File.ReadAllText(In("out.safetensors")));
        Hypir("models", "convert", source, "out.safetensors", "--overwrite").MustEnd(ExitCode.Success);
        File.WriteAllText(In("page.pth"), "<!DOCTYPE html>");
        StringAssert.Contains(Hypir("models", "convert", "page.pth", "new.safetensors").MustEnd(ExitCode.BadFile).Error, "page.pth");
        Assert.IsFalse(File.Exists(In("new.safetensors")));
        Hypir("models", "convert", "page.pth").MustEnd(ExitCode.Usage);
    }

    [TestMethod]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2201", Justification = "The runtime and libtorch throw these.")]
    public void Each_kind_of_failure_has_its_exit_code()
    {
        Assert.AreEqual(ExitCode.Cancelled, ExitCodes.Of(new OperationCanceledException()));
        Assert.AreEqual(ExitCode.BadFile, ExitCodes.Of(new ModelException("the model")));
        Assert.AreEqual(ExitCode.OutOfMemory, ExitCodes.Of(new OutOfMemoryException()));
        Assert.AreEqual(
            ExitCode.OutOfMemory,
            ExitCodes.Of(new System.Runtime.InteropServices.ExternalException("CUDA out of memory. Tried to allocate 2 GiB")));
        Assert.AreEqual(
            "There is not enough memory for this.",
            Explanation.Of(new System.Runtime.InteropServices.ExternalException("DefaultCPUAllocator: can't allocate memory")).Message);
        Assert.AreEqual(ExitCode.Internal, ExitCodes.Of(new InvalidOperationException("a fault")));
    }
}
