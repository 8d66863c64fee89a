using Hypir.Networks.Checkpoints;
using Hypir.Networks.Lora;
using Hypir.Networks.SinglePass.Compact;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.TrainTool.Tests.Commands;

[TestClass]
[TestCategory("Slow")]
public sealed class ExportCommandTests : TensorTest
{
    private static readonly string Model = Goldens.Require("tiny-sd2"), Lora = Goldens.Require("tiny-lora", "state_dict.safetensors");

    [TestMethod]
    public void Weights_change_their_format_and_type_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        BuiltProgram.Trainer.Run(folder.Path, "export", "lora", Lora, "-o", "a.pth").MustEnd(ExitCode.Success);
        BuiltProgram
            .Trainer.Run(folder.Path, "export", "lora", "a.pth", "-o", "b.safetensors", "--type", "float16")
            .MustEnd(ExitCode.Success);
        using ITensorSource original = CheckpointFile.Open(Lora),
            torch = CheckpointFile.Open(folder["a.pth"]),
            half = CheckpointFile.Open(folder["b.safetensors"]);
        foreach (string name in original.Tensors.Keys)
        {
            Assert.IsTrue(original.Read(name).equal(torch.Read(name)).all().item<bool>(), name);
            Assert.IsTrue(original.Read(name).to(ScalarType.Float16).equal(half.Read(name)).all().item<bool>(), name);
        }
        Assert.AreEqual(original.Tensors.Count, half.Tensors.Count);
    }

    /// <summary>A checkpoint's averaged weights come first, and a run's folder has weights of its own.</summary>
    [TestMethod]
    public void A_single_pass_network_changes_its_format_and_type_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        var outline = new CompactOutline { Scale = 1, InChannels = 3, OutChannels = 3, Features = 16, Convolutions = 1 };
        var shapes = outline.Weights.ToDictionary(weight => weight.Name, weight => weight.Shape.ToArray());
        foreach ((string name, long seed) in new[] { ("run/model", 1L), ("checkpoint/ema_state_dict", 2), ("checkpoint/state_dict", 3) })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            SafetensorsWriter.Write(folder[name + ".safetensors"], new SeededTensors(shapes, seed));
        }

        Export("run", "run/model", "a.pth", "float32", ScalarType.Float32);
        Export("checkpoint", "checkpoint/ema_state_dict", "b.safetensors", "float16", ScalarType.Float16);
        Export("b.safetensors", "b", "c.safetensors", "float32", ScalarType.Float32);

        void Export(string source, string original, string target, string type, ScalarType expected)
        {
            BuiltProgram.Trainer.Run(folder.Path, "export", "network", source, "-o", target, "--type", type).MustEnd(ExitCode.Success);
            using ITensorSource before = CheckpointFile.Open(folder[original + ".safetensors"]),
                after = CheckpointFile.Open(folder[target]);
            CollectionAssert.AreEquivalent(before.Tensors.Keys.ToArray(), after.Tensors.Keys.ToArray());
            foreach (string name in before.Tensors.Keys)
                Assert.IsTrue(before.Read(name).to(expected).equal(after.Read(name)).all().item<bool>(), name);
        }
    }

    [TestMethod]
    public void A_merged_model_is_the_base_plus_its_adapters_and_their_difference_gives_them_back()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        BuiltProgram
            .Trainer.Run(folder.Path, "export", "merged", "--model", Model, "--lora", Lora, "-o", "merged")
            .MustEnd(ExitCode.Success);
        Assert.IsTrue(File.Exists(folder["merged/model_index.json"]) && Directory.Exists(folder["merged/tokenizer"]));
        StringAssert.Contains(
            BuiltProgram
                .Trainer.Run(folder.Path, "export", "difference", Model, "merged", "--rank", "4", "-o", "again.safetensors")
                .MustEnd(ExitCode.Success)
                .Output,
            "0 %"
        );
        StringAssert.Contains(
            BuiltProgram
                .Trainer.Run(folder.Path, "export", "difference", Model, "merged", "--rank", "1", "-o", "less.pth")
                .MustEnd(ExitCode.Success)
                .Output,
            "lost at rank 1"
        );
        using ITensorSource network = CheckpointFolder.Open(Path.Combine(Model, "unet")),
            merged = CheckpointFolder.Open(folder["merged/unet"]),
            original = CheckpointFile.Open(Lora),
            again = CheckpointFile.Open(folder["again.safetensors"]);
        var shapes = network.Shapes();
        LoraWeights first = LoraWeights.Check(original, shapes), second = LoraWeights.Check(again, shapes);
        foreach (string module in first.Modules)
        {
            Tensor delta = first.Delta(module, float32), weight = network.Read(module + ".weight").to(float32);
            Assert.AreEqual(0, (weight + delta - merged.Read(module + ".weight")).abs().max().item<float>(), module);
            Assert.IsLessThan(
                1e-5, (second.Delta(module, float32) - delta).abs().max().item<float>() / delta.abs().max().item<float>(), module);
        }
        BuiltProgram
            .Trainer.Run(folder.Path, "export", "merged", "--model", Model, "--lora", Lora, "-o", "merged")
            .MustEnd(ExitCode.CannotWrite);
    }

    [TestMethod]
    public void Nothing_that_exists_is_replaced()
    {
        using var folder = new TemporaryFolder();
        string mine = folder.Write("mine.pth", "precious"), copy = folder["lora.safetensors"];
        File.Copy(Lora, copy);
        Refused("already exists", "lora", Lora, "-o", "mine.pth");
        Refused("already exists", "difference", Model, Model, "-o", "mine.pth");
        Refused("weights itself", "lora", copy, "-o", "./lora.safetensors");
        Refused("is a file", "merged", "--model", Model, "-o", "mine.pth");
        Refused("inside it", "merged", "--model", Model, "-o", Path.Combine(Model, "unet", "merged"));
        if (OperatingSystem.IsLinux())
        {
            File.CreateSymbolicLink(folder["link.safetensors"], copy);
            Refused("weights itself", "lora", copy, "-o", "link.safetensors");
            Directory.CreateSymbolicLink(folder["model"], Model);
            Refused("inside it", "merged", "--model", Model, "-o", "model");
        }
        // What another program or run left beside the target is not this run's to delete.
        folder.Write("merged.tmp/mine", "precious");
        BuiltProgram.Trainer.Run(folder.Path, "export", "merged", "--model", Model, "-o", "merged").MustEnd(ExitCode.Success);
        Assert.AreEqual("precious", File.ReadAllText(folder["merged.tmp/mine"]));
        Assert.IsFalse(File.Exists(folder["merged/mine"]));
        Assert.AreEqual("precious", File.ReadAllText(mine));
        CollectionAssert.AreEqual(File.ReadAllBytes(Lora), File.ReadAllBytes(copy));

        void Refused(string told, params string[] arguments) =>
            StringAssert.Contains(
                BuiltProgram.Trainer.Run(folder.Path, ["export", .. arguments]).MustEnd(ExitCode.CannotWrite).Error, told);
    }

    [TestMethod]
    public void What_does_not_fit_is_told()
    {
        using var folder = new TemporaryFolder();
        string nano = NanoModel.Folder;
        StringAssert.Contains(
            BuiltProgram
                .Trainer.Run(folder.Path, "export", "merged", "--model", nano, "--lora", Lora, "-o", "x")
                .MustEnd(ExitCode.BadFile)
                .Error,
            "do not fit"
        );
        StringAssert.Contains(
            BuiltProgram.Trainer.Run(folder.Path, "export", "difference", Model, nano, "-o", "x").MustEnd(ExitCode.BadFile).Error,
            "do not fit");
        StringAssert.Contains(
            BuiltProgram
                .Trainer.Run(folder.Path, "export", "lora", Path.Combine(nano, "unet", "diffusion_pytorch_model.safetensors"), "-o", "x")
                .MustEnd(ExitCode.BadFile)
                .Error,
            "no adapters"
        );
        StringAssert.Contains(
            BuiltProgram.Trainer.Run(folder.Path, "export", "network", Lora, "-o", "x").MustEnd(ExitCode.BadFile).Error,
            "state_dict.safetensors");
        BuiltProgram.Trainer.Run(folder.Path, "export", "lora", Lora, "-o", "nowhere/x").MustEnd(ExitCode.CannotWrite);
        BuiltProgram.Trainer.Run(folder.Path, "export", "lora", Lora, "-o", "x", "--type", "int8").MustEnd(ExitCode.Usage);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }
}
