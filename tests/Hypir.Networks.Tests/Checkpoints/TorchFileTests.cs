using Hypir.Networks.Checkpoints;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.Checkpoints;

/// <summary>What the corpus, whose files are opened in another process, cannot tell.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class TorchFileTests : TensorTest
{
    [TestMethod]
    [DataRow("shared-storage.pth")]
    [DataRow("float32.pth")]
    public void Tensors_of_one_storage_share_its_mapped_memory_and_live_on_after_the_file(string name)
    {
        string path = Goldens.Require("checkpoints", "good", name);
        using var scope = NewDisposeScope();
        Tensor first, second;
        using (var file = TorchFile.Open(path))
        {
            string key = file.Tensors.Keys.First();
            (first, second) = (file.Read(key), file.Read(key));
        }
        first.flatten()[0].fill_(-1000);
        Assert.AreEqual(-1000f, second.flatten()[0].item<float>(), "Two reads of one tensor have memory of their own: it was copied.");
        using var again = TorchFile.Open(path);
        Assert.AreNotEqual(-1000f, again.Read(again.Tensors.Keys.First()).flatten()[0].item<float>(), "The file itself was changed.");
    }

    [TestMethod]
    public void Damage_in_a_tensors_data_is_found_when_it_is_read_and_each_time()
    {
        using var file = CheckpointFile.Open(Goldens.Require("checkpoints", "bad", "zip-wrong-crc.pth"));
        string name = file.Tensors.Keys.Single();
        for (int i = 0; i < 2; i++)
            Assert.AreEqual(CheckpointErrorKind.BadZip, Assert.Throws<CheckpointException>(() => file.Read(name)).Kind);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_file_that_was_replaced_after_opening_is_still_the_one_that_was_opened()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["w"] = ones(100) });
        using var file = SafetensorsFile.Open(path);
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["w"] = zeros(100) });
        Assert.AreEqual(100f, file.Read("w").sum().item<float>());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_file_that_became_shorter_after_opening_is_told_as_such()
    {
        using var folder = new TemporaryFolder();
        using var values = ones(100);
        string path = folder.File("a.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["w"] = values });
        using var file = SafetensorsFile.Open(path);
        using (var writer = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            writer.SetLength(writer.Length - 8);
        Assert.AreEqual(CheckpointErrorKind.Truncated, Assert.Throws<CheckpointException>(() => file.Read("w")).Kind);
    }

    [TestMethod]
    public void Nothing_is_read_after_closing()
    {
        foreach (string name in new[] { "float32.pth", "deflated.pth", "all-dtypes.safetensors" })
        {
            var file = CheckpointFile.Open(Goldens.Require("checkpoints", "good", name));
            file.Dispose();
            Assert.Throws<ObjectDisposedException>(() => file.Read(file.Tensors.Keys.First()));
        }
    }

    [TestMethod]
    [DataRow("html-page.safetensors", "web page")]
    [DataRow("html-page.pth", "web page")]
    [DataRow("lfs-pointer.safetensors", "git-LFS pointer")]
    [DataRow("empty.safetensors", "empty")]
    [DataRow("torchscript.pth", "TorchScript")]
    [DataRow("pickle-global-os-system.pth", "os.system")]
    public void The_message_says_what_it_is_and_what_to_do(string name, string what)
    {
        string path = Goldens.Require("checkpoints", "bad", name);
        var e = Assert.Throws<CheckpointException>(() => CheckpointFile.Open(path));
        StringAssert.Contains(e.Message, what);
        StringAssert.Contains(e.Message, path);
        Assert.AreEqual(path, e.Path);
        Assert.IsFalse(string.IsNullOrWhiteSpace(e.Remedy));
    }
}
