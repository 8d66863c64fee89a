using System.Collections.Concurrent;
using Hypir.Training.Data.Workers;
using TorchSharp;

namespace Hypir.TrainTool.Tests.Data;

[TestClass]
public sealed class OrderedWorkersTests
{
    [TestMethod]
    [DataRow(1, 1), DataRow(1, 5), DataRow(4, 2), DataRow(3, 16)]
    public void Things_come_in_order_once_each(int workers, int ahead)
    {
        using var made = new OrderedWorkers<long>(workers, ahead, 5, 500, (number, _) => number * number);
        for (long number = 5; number < 500; number++)
        {
            Assert.IsTrue(made.TryTake(out long thing));
            Assert.AreEqual(number * number, thing);
        }
        Assert.IsFalse(made.TryTake(out _));
        Assert.IsFalse(made.TryTake(out _));
    }

    [TestMethod]
    public void Nothing_is_begun_further_ahead_than_allowed()
    {
        const int ahead = 6;
        long taken = 0;
        var begun = new ConcurrentBag<long>();
        using var room = new ManualResetEventSlim();
        using (var made = new OrderedWorkers<long>(3, ahead, 0, 100, (number, _) =>
        {
            begun.Add(number - Interlocked.Read(ref taken));
            if (begun.Count == ahead)
                room.Set();
            return number;
        }))
        {
            room.Wait();
            Assert.AreEqual(ahead, begun.Count);
            while (made.TryTake(out _))
                Interlocked.Increment(ref taken);
        }
        // The consumer counts a thing after the workers have been given its room, so they may seem one further.
        Assert.IsTrue(begun.Max() <= ahead, $"{begun.Max()} ahead");
        Assert.AreEqual(100, begun.Count);
    }

    [TestMethod]
    public void A_failure_comes_in_its_turn_and_the_rest_follows()
    {
        using var made = new OrderedWorkers<long>(2, 4, 0, 10, (number, _) =>
            number == 3 ? throw new InvalidDataException("three") : number
        );
        var seen = new List<long>();
        int failures = 0;
        while (true)
        {
            try
            {
                if (!made.TryTake(out long thing))
                    break;
                seen.Add(thing);
            }
            catch (InvalidDataException failure)
            {
                Assert.AreEqual("three", failure.Message);
                Assert.AreEqual(3, seen.Count);
                failures++;
            }
        }
        Assert.AreEqual(1, failures);
        CollectionAssert.AreEqual(new long[] { 0, 1, 2, 4, 5, 6, 7, 8, 9 }, seen);
    }

    [TestMethod]
    public void Each_worker_has_one_thread_of_torch_and_nobody_else_notices()
    {
        int before = torch.get_num_threads();
        torch.set_num_threads(3);
        try
        {
            using var made = new OrderedWorkers<(int Threads, int Id)>(2, 8, 0, 50, (_, _) =>
            {
                using var product = torch.rand(300, 300).matmul(torch.rand(300, 300));
                return (torch.get_num_threads(), Environment.CurrentManagedThreadId);
            });
            while (made.TryTake(out var thing))
            {
                Assert.AreEqual(1, thing.Threads);
                Assert.AreNotEqual(Environment.CurrentManagedThreadId, thing.Id);
            }
            Assert.AreEqual(3, torch.get_num_threads());
            int elsewhere = 0;
            var thread = new Thread(() => elsewhere = torch.get_num_threads());
            thread.Start();
            thread.Join();
            Assert.AreEqual(3, elsewhere, "Threads that start later have the workers' setting.");
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    [TestMethod]
    public void Waiting_can_be_cancelled_and_stopping_gives_what_is_left()
    {
        using var gate = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        using var made = new OrderedWorkers<long>(2, 3, 0, 100, (number, stop) =>
        {
            if (number == 0)
                gate.Wait(stop);
            return number;
        });
        cancel.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => made.TryTake(out _, cancel.Token));
        gate.Set();
        Assert.IsTrue(made.TryTake(out long first));
        Assert.AreEqual(0, first);
        var rest = made.Stop();
        CollectionAssert.AreEqual(rest.Order().ToList(), rest.ToList());
        Assert.IsTrue(rest.Count <= 4);
    }
}
