using System.Text.Json;
using Hypir.Testing;
using Hypir.Training.Degradation;

namespace Hypir.TrainTool.Tests.Degradation;

[TestClass]
public sealed class ShufflePoolTests
{
    [TestMethod, TestCategory("Golden")]
    public void The_references_trace()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Goldens.Require("degradation", "queue.json")));
        int capacity = golden.RootElement.GetProperty("queue_size").GetInt32();
        IReadOnlyList<int> permutation = [];
        var pool = new ShufflePool<int>(capacity, _ => permutation);
        int calls = 0;
        foreach (var call in golden.RootElement.GetProperty("calls").EnumerateArray())
        {
            permutation = call.GetProperty("permutation") is { ValueKind: JsonValueKind.Array } order ? Numbers(order) : [];
            var output = pool.Exchange(Numbers(call.GetProperty("in")));
            CollectionAssert.AreEqual(Numbers(call.GetProperty("out")), output.ToArray(), $"call {calls}");
            // The reference's queue has its full length from the start, with zeros where nothing has been put yet.
            int[] expected = Numbers(call.GetProperty("queue_after"))[..call.GetProperty("pointer_after").GetInt32()];
            CollectionAssert.AreEqual(expected, pool.Items.ToArray(), $"queue after call {calls}");
            calls++;
        }
        Assert.AreNotEqual(0, calls);
    }

    [TestMethod]
    [DataRow(256, 6), DataRow(8, 3), DataRow(3, 8), DataRow(1, 1), DataRow(0, 4), DataRow(5, 5)]
    public void Any_size_with_any_batch(int capacity, int batch)
    {
        var random = new SeededRandom(1);
        var pool = new ShufflePool<int>(capacity, random.Permutation);
        var given = new List<int>();
        for (int call = 0; call < 100; call++)
        {
            int[] arriving = [.. Enumerable.Range(call * batch, batch)];
            var output = pool.Exchange(arriving);
            Assert.AreEqual(batch, output.Count);
            given.AddRange(output);
            Assert.AreEqual(Math.Min(capacity, (call + 1) * batch), pool.Items.Count);
        }
        // What passed through while the pool filled comes a second time from the pool; nothing else comes twice, and nothing is lost.
        int filled = Math.Min(capacity, 100 * batch);
        var counts = given.Concat(pool.Items).CountBy(item => item).ToDictionary();
        Assert.AreEqual(100 * batch, counts.Count);
        Assert.IsTrue(counts.All(count => count.Value == (count.Key < filled ? 2 : 1)));
        if (capacity > 1)
            CollectionAssert.AreNotEqual(given.Order().ToList(), given, "Nothing was shuffled.");
    }

    [TestMethod]
    public void A_pool_goes_on_where_it_was_kept()
    {
        var random = new SeededRandom(3);
        var pool = new ShufflePool<int>(7, random.Permutation);
        for (int call = 0; call < 5; call++)
            pool.Exchange([call * 2, call * 2 + 1]);
        var other = new SeededRandom(random.State);
        var restored = new ShufflePool<int>(7, other.Permutation, pool.Items);
        CollectionAssert.AreEqual(pool.Exchange([100, 101]).ToArray(), restored.Exchange([100, 101]).ToArray());
    }

    private static int[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];
}
