using Hypir.Protocol.Pixels;
using Hypir.Server;

namespace Hypir.Engine.Tests.Serving;

/// <summary>Whose turn it is.</summary>
[TestClass]
[TestCategory("Serve")]
public sealed class FairQueueTests
{
    private readonly FairQueue _queue = new();

    [TestMethod]
    public void Clients_take_turns_and_their_own_jobs_stay_in_order()
    {
        Add("a1", "a2", "a3", "b1", "c1", "c2");
        Assert.AreEqual("a1 b1 c1 a2 c2 a3", string.Join(' ', _queue.Order().Select(entry => entry.Job.Id)));
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4, 5 }, _queue.Order().Select(entry => entry.Ahead).ToArray());
        Assert.AreEqual("a1 b1 c1 a2 c2 a3", Drain());
    }

    [TestMethod]
    public void Whoever_comes_back_waits_behind_those_who_were_not_served()
    {
        Add("a1", "b1", "b2");
        Assert.IsTrue(_queue.TryTake(out _));
        Add("a2");
        Assert.AreEqual("b1 a2 b2", Drain());
    }

    [TestMethod]
    public void What_is_removed_does_not_come_and_what_is_left_at_the_end_is_told()
    {
        Add("a1", "b1", "b2");
        _queue.Remove(_queue.Order()[0].Job);
        Assert.AreEqual("b1 b2", string.Join(' ', _queue.Close().Select(job => job.Id)));
        Assert.IsFalse(_queue.TryTake(out _));
        Assert.IsFalse(_queue.TryAdd(Make("d1")));
    }

    private void Add(params string[] ids)
    {
        foreach (string id in ids)
            Assert.IsTrue(_queue.TryAdd(Make(id)));
    }

    private static Job Make(string id) =>
        new(
            id,
            string.Intern(id[..1]),
            "",
            new()
            {
                Width = 1,
                Height = 1,
                Layout = PixelLayout.Rgb24,
            },
            _ => { }
        );

    private string Drain()
    {
        List<string> ids = [];
        while (_queue.Count > 0 && _queue.TryTake(out Job? job))
            ids.Add(job.Id);
        return string.Join(' ', ids);
    }
}
