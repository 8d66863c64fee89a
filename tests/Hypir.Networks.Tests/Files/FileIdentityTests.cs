using System.Diagnostics;
using Hypir.Core.Files;
using Hypir.Networks.Checkpoints;
using Hypir.Planning.Configs;
using Hypir.Testing;

namespace Hypir.Networks.Tests.Files;

/// <summary>Paths mean files, whatever they look like.</summary>
[TestClass]
public sealed class FileIdentityTests
{
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Every_way_to_a_file_leads_to_the_same_file()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("real/deep/a.png", "a"), other = folder.Write("real/deep/b.png", "a");
        File.CreateSymbolicLink(folder["link.png"], file);
        File.CreateSymbolicLink(folder["chain.png"], folder["link.png"]);
        Directory.CreateSymbolicLink(folder["folder"], folder["real"]);
        Links.Hard(folder["hard.png"], file);
        foreach (
            string way in (string[])
                [
                    "real/deep/a.png", "link.png", "chain.png", "hard.png", "folder/deep/a.png", "real/../folder/./deep/a.png",
                    "real//deep/../deep/a.png",
                ]
        )
        {
            Assert.AreEqual(FileIdentity.Of(file), FileIdentity.Of(folder[way]), way);
            Assert.AreNotEqual(FileIdentity.Of(other), FileIdentity.Of(folder[way]), way);
        }
        Assert.IsTrue(FileIdentity.AreSame(folder["real"] + "/", folder["folder"]));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Files_that_do_not_exist_yet_are_told_by_their_folder()
    {
        using var folder = new TemporaryFolder();
        folder.Write("real/a.png", "a");
        Directory.CreateSymbolicLink(folder["folder"], folder["real"]);
        File.CreateSymbolicLink(folder["dangling.png"], folder["real/new.png"]);
        Assert.IsTrue(FileIdentity.AreSame(folder["real/new.png"], folder["folder/new.png"]));
        Assert.IsTrue(FileIdentity.AreSame(folder["real/x/y/new.png"], folder["folder/x/./y/new.png"]));
        Assert.IsFalse(FileIdentity.AreSame(folder["real/new.png"], folder["folder/other.png"]));
        Assert.IsFalse(FileIdentity.AreSame(folder["real/x/new.png"], folder["real/new.png"]));
        Assert.IsFalse(FileIdentity.AreSame(folder["real/New.png"], folder["real/new.png"]), "This file system tells them apart.");
        Assert.IsFalse(FileIdentity.AreSame(folder["dangling.png"], folder["real/new.png"]), "Renaming replaces the link.");
        Assert.IsFalse(FileIdentity.Of(folder["real/new.png"]).Exists);
        Assert.IsTrue(FileIdentity.Of(folder["real/a.png"]).Exists);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_mount_of_a_folder_is_that_folder()
    {
        using var folder = new TemporaryFolder();
        folder.Write("real/a.png", "a");
        Directory.CreateDirectory(folder["mount"]);
        if (!Run("mount", "--bind", folder["real"], folder["mount"]))
            Assert.Inconclusive("Only root can mount.");
        try
        {
            Assert.IsTrue(FileIdentity.AreSame(folder["real/a.png"], folder["mount/a.png"]));
            Assert.IsTrue(FileIdentity.AreSame(folder["real/new.png"], folder["mount/new.png"]));
        }
        finally
        {
            Run("umount", "-l", folder["mount"]);
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_path_lies_within_a_folder_where_it_really_is()
    {
        using var folder = new TemporaryFolder();
        folder.Write("real/deep/a.png", "a");
        folder.Write("real2/a.png", "a");
        Directory.CreateSymbolicLink(folder["link"], folder["real/deep"]);
        foreach (
            string inside in (string[])["real", "real/deep", "real/deep/a.png", "real/new", "link", "link/new/newer", "real2/../link/a.png"]
        )
            Assert.IsTrue(FileIdentity.IsWithin(folder[inside], folder["real"]), inside);
        foreach (string outside in (string[])["", "real2", "real2/a.png", "real2/new", "new"])
            Assert.IsFalse(FileIdentity.IsWithin(folder[outside], folder["real"]), outside);
    }

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = false)]
    [OSCondition(OperatingSystems.Linux)]
    public void A_pipe_in_place_of_a_file_is_refused_and_not_waited_for()
    {
        using var folder = new TemporaryFolder();
        Links.Pipe(folder.File("m/unet/config.json"));
        StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => RegularFile.Require(folder["m/unet/config.json"])).Message, "pipe");
        Assert.ThrowsExactly<ModelException>(() => ConfigReader.ReadFile(folder["m/unet/config.json"]));
        Assert.ThrowsExactly<ModelException>(() => CheckpointFile.Open(folder["m/unet/config.json"]));
        Assert.AreEqual(folder.Path, RegularFile.Require(folder.Path));
        Assert.AreEqual(folder["missing"], RegularFile.Require(folder["missing"]));
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
