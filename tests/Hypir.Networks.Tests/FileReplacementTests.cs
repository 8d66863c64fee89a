using Hypir.Core.Files;
using Hypir.Testing;

namespace Hypir.Networks.Tests;

/// <summary>Files are there whole or not at all.</summary>
[TestClass]
public sealed class FileReplacementTests
{
    [TestMethod]
    public void A_file_is_replaced_whatever_its_name_is()
    {
        using var folder = new TemporaryFolder();
        // As long as file systems allow: the temporary file's name must not be longer.
        string path = folder.Write(new string('a', 255), "old");
        FileReplacement.Write(path, stream => stream.Write("new"u8));
        Assert.AreEqual("new", File.ReadAllText(path));
        using (var file = new WholeFile(path))
        {
            file.Writer.WriteLine("newer");
            Assert.AreEqual("new", File.ReadAllText(path));
            file.Keep();
        }
        Assert.AreEqual("newer\n", File.ReadAllText(path));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void What_fails_leaves_the_old_file_and_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a", "old");
        Assert.ThrowsExactly<InvalidOperationException>(() => FileReplacement.Write(path, stream =>
        {
            stream.Write("new"u8);
            throw new InvalidOperationException();
        }));
        using (var file = new WholeFile(path))
            file.Writer.Write("new");
        Assert.AreEqual("old", File.ReadAllText(path));
        Assert.HasCount(1, Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void A_missing_folder_is_told()
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsExactly<DirectoryNotFoundException>(() =>
            FileReplacement.Write(folder["missing", "a"], _ => Assert.Fail("There is nothing to write to."))
        );
    }

    [TestMethod]
    public void A_full_disk_is_told_and_hides_no_other_failure()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SmallDisk(folder["disk"], 1);
        string path = folder.Write("disk/a", "old");
        Assert.Throws<IOException>(() => FileReplacement.Write(path, stream => stream.Write(new byte[2 << 20])));
        Assert.ThrowsExactly<InvalidOperationException>(() =>
        {
            using var file = new WholeFile(path);
            File.WriteAllBytes(folder["disk", "full"], new byte[new DriveInfo(folder["disk"]).AvailableFreeSpace]);
            file.Writer.Write("more");
            throw new InvalidOperationException();
        });
        File.Delete(folder["disk", "full"]);
        Assert.AreEqual("old", File.ReadAllText(path));
        Assert.HasCount(1, Directory.GetFiles(folder["disk"]));
    }
}
