using Hypir.Testing;
using Hypir.Training.RunFolders;

namespace Hypir.TrainTool.Tests.Training;

[TestClass]
public sealed class TrainCheckpointsTests
{
    [TestMethod]
    public void The_newest_whole_one_is_found_and_damaged_ones_are_told()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new TrainCheckpoints(folder.Path);
        for (int step = 1; step <= 5; step++)
            checkpoints.Save(10 * step, null, 0, Write(step));
        Assert.AreEqual(50, checkpoints.Newest(Assert.Fail)!.Step);

        File.AppendAllText(folder["checkpoint-50/a.bin"], "x");
        File.Delete(folder["checkpoint-40/b.bin"]);
        File.Delete(folder["checkpoint-30/checkpoint.json"]);
        var told = new List<string>();
        Assert.AreEqual(20, checkpoints.Newest(told.Add)!.Step);
        Assert.HasCount(3, told);
        StringAssert.Contains(told[0], "a.bin is damaged");
        StringAssert.Contains(told[1], "b.bin is missing");
        StringAssert.Contains(told[2], "not finished");
        Directory.CreateDirectory(folder["checkpoint-x"]);
        Assert.AreEqual(20, checkpoints.Newest(_ => { })!.Step);
    }

    [TestMethod]
    public void The_newest_and_the_best_are_kept()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new TrainCheckpoints(folder.Path);
        double?[] scores = [1, 5, 3, null, 2];
        for (int i = 0; i < scores.Length; i++)
            checkpoints.Save(i, scores[i], 0, Write(i));
        Directory.CreateDirectory(folder["checkpoint-9.tmp"]);
        checkpoints.Prune(null);
        CollectionAssert.AreEqual(new long[] { 4, 3, 2, 1, 0 }, checkpoints.List().Select(one => one.Step).ToArray());
        checkpoints.Prune(2);
        CollectionAssert.AreEqual(new long[] { 4, 3, 1 }, checkpoints.List().Select(one => one.Step).ToArray());
        Assert.HasCount(3, Directory.GetDirectories(folder.Path), "Something half written is still there.");
    }

    [TestMethod]
    public void A_checkpoint_takes_an_older_one_s_place()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new TrainCheckpoints(folder.Path);
        checkpoints.Save(7, 1, 0, Write(1));
        var second = checkpoints.Save(7, 2, 0, Write(2));
        Assert.AreEqual("2", File.ReadAllText(second.In("a.bin")));
        Assert.AreEqual(2, TrainCheckpoints.Verify(second.Folder, out string? problem)!.Score);
        Assert.IsNull(problem);
        Assert.HasCount(1, Directory.GetDirectories(folder.Path));
    }

    [TestMethod]
    public void What_cannot_be_written_leaves_the_older_ones_and_says_how_much_is_missing()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new TrainCheckpoints(folder.Path);
        checkpoints.Save(1, null, 0, Write(1));
        var half = Assert.ThrowsExactly<OutputException>(() => checkpoints.Save(2, null, 0, path =>
        {
            Write(2)(path);
            throw new IOException("No space left on device.");
        }));
        StringAssert.Contains(half.Message, "No space left");
        long free = new DriveInfo(folder.Path).AvailableFreeSpace;
        var large = Assert.ThrowsExactly<OutputException>(() =>
            checkpoints.Save(2, null, free + 700_000_000, _ => Assert.Fail("There is no room, and it was tried."))
        );
        StringAssert.Matches(large.Message, new(@"About \d+ MB are missing"));
        Assert.AreEqual(1, checkpoints.Newest(Assert.Fail)!.Step);
        Assert.HasCount(1, Directory.GetDirectories(folder.Path));
    }

    [TestMethod]
    public void A_folder_belongs_to_one_run()
    {
        using var folder = new TemporaryFolder();
        using (new RunFolder(folder["run"]))
            StringAssert.Contains(Assert.ThrowsExactly<OutputException>(() => new RunFolder(folder["run"])).Message, "Another run");
        new RunFolder(folder["run"]).Dispose();
    }

    private static Action<string> Write(int content) => path =>
    {
        File.WriteAllText(Path.Combine(path, "a.bin"), $"{content}");
        File.WriteAllText(Path.Combine(path, "b.bin"), "b");
    };
}
