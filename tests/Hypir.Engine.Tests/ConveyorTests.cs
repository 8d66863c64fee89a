using System.Collections.Concurrent;
using Hypir.Engine.Restoring;

namespace Hypir.Engine.Tests;

/// <summary>Reading, restoring and writing of successive images overlap, by one image each way, and share memory.</summary>
[TestClass]
public sealed class ConveyorTests
{
    // Only keeps a fault from hanging the tests: where things are right nobody waits this long.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [TestMethod]
    public void The_next_is_fetched_and_the_last_put_away_while_one_is_worked_on()
    {
        const int Count = 5;
        var fetched = Enumerable.Range(0, Count).Select(_ => new ManualResetEventSlim()).ToArray();
        var storing = Enumerable.Range(0, Count).Select(_ => new ManualResetEventSlim()).ToArray();
        var worked = Enumerable.Range(0, Count).Select(_ => new ManualResetEventSlim()).ToArray();
        int caller = Environment.CurrentManagedThreadId, most = -1;
        List<int> told = [];
        new Conveyor<int, int>
        {
            Fetch = (i, _) =>
            {
                fetched[i].Set();
                return most = i;
            },
            Enter = (_, _) => { },
            Work = (i, item) =>
            {
                Assert.AreEqual(caller, Environment.CurrentManagedThreadId);
                Assert.AreEqual(i, item.Result);
                if (i + 1 < Count)
                    Assert.IsTrue(fetched[i + 1].Wait(Limit), "The next one waits for this.");
                if (i > 0)
                    Assert.IsTrue(storing[i - 1].Wait(Limit), "The last one waits for this.");
                Assert.IsLessThanOrEqualTo(i + 1, most, "One ahead is enough.");
                worked[i].Set();
                return () =>
                {
                    storing[i].Set();
                    // It ends only when the next has been worked on: that one did not wait for it.
                    Assert.IsTrue(i + 1 == Count || worked[i + 1].Wait(Limit));
                    return 10 * i;
                };
            },
            Stored = (i, stored) =>
            {
                Assert.AreEqual(10 * i, stored.Result);
                told.Add(i);
            },
        }.Run(Count, CancellationToken.None);
        CollectionAssert.AreEqual(Enumerable.Range(0, Count).ToArray(), told);
    }

    [TestMethod]
    public void What_fails_is_told_where_it_is_asked_for_and_the_last_is_put_away_whatever_happens()
    {
        List<string> told = [];
        var conveyor = new Conveyor<int, int>
        {
            Fetch = (i, _) => i == 1 ? throw new IOException("fetch") : i,
            Enter = (_, _) => { },
            Work = (i, item) =>
            {
                if (i == 3)
                    throw new OperationCanceledException();
                if (item.IsFaulted)
                    told.Add($"{i}: {item.Exception.InnerException!.Message}");
                return item.IsFaulted ? null : () => i == 0 ? throw new IOException("store") : i;
            },
            Stored = (i, stored) => told.Add(stored.IsFaulted ? $"{i}: {stored.Exception.InnerException!.Message}" : $"{i}"),
        };
        Assert.ThrowsExactly<OperationCanceledException>(() => conveyor.Run(9, CancellationToken.None));
        CollectionAssert.AreEqual(new[] { "1: fetch", "0: store", "2" }, told);
    }

    [TestMethod]
    public void Memory_is_shared_up_to_the_total_and_more_than_that_goes_alone()
    {
        var budget = new MemoryBudget(100);
        long used = 0, most = 0;
        var alone = new ConcurrentBag<bool>();
        var random = new Random(5);
        int[] sizes = [.. Enumerable.Range(0, 400).Select(_ => random.Next(1, 130))];
        Parallel.ForEach(sizes, new ParallelOptions { MaxDegreeOfParallelism = 8 }, size =>
        {
            using var hold = budget.Take(size, CancellationToken.None);
            long now = Interlocked.Add(ref used, size);
            InterlockedMax(ref most, size > 100 ? 0 : now);
            if (size > 100)
                alone.Add(now == size);
            Interlocked.Add(ref used, -size);
        });
        Assert.IsLessThanOrEqualTo(100, most);
        Assert.IsTrue(alone.All(it => it) && !alone.IsEmpty);

        using var first = budget.Take(90, CancellationToken.None);
        var second = Task.Run(() => budget.Take(40, CancellationToken.None));
        using var impatient = new CancellationTokenSource();
        var third = Task.Run(() => budget.Take(40, impatient.Token));
        impatient.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => third.GetAwaiter().GetResult());
        Assert.IsFalse(second.IsCompleted);
        first.ShrinkTo(60);
        Assert.IsTrue(second.Wait(Limit), "What was given back can be taken.");
    }

    private static void InterlockedMax(ref long most, long value)
    {
        long seen;
        while ((seen = Interlocked.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
