using Hypir.TrainTool.Training;

namespace Hypir.TrainTool.Tests.Training;

[TestClass]
[DoNotParallelize]
public sealed class QuietHeapTests
{
    [TestMethod]
    public void Nothing_is_collected_while_it_lives_whatever_other_threads_allocate()
    {
        int Collections(Action action)
        {
            int before = GC.CollectionCount(0);
            action();
            return GC.CollectionCount(0) - before;
        }

        int inside;
        using (new QuietHeap())
            inside = Collections(Allocate);
        Assert.AreEqual(0, inside);
        Assert.IsGreaterThan(0, Collections(() =>
        {
            Allocate();
            GC.Collect();
        }));
        // One after the other, and one within another.
        using (new QuietHeap())
        using (new QuietHeap())
            Assert.AreEqual(0, Collections(Allocate));
        new QuietHeap().Dispose();
    }

    private static void Allocate()
    {
        var thread = new Thread(() =>
        {
            for (int i = 0; i < 100_000; i++)
                GC.KeepAlive(new byte[1000]);
        });
        thread.Start();
        thread.Join();
    }
}
