using Hypir.Networks.Checkpoints;
using Hypir.Networks.SinglePass;
using static TorchSharp.torch;

namespace Hypir.Networks.Tests.SinglePass;

/// <summary>Files whose keys are a family's and whose shapes lie: refused before anything is read or made.</summary>
[TestClass]
[TestCategory("Golden")]
public sealed class SinglePassHostileTests
{
    private const long MostBytes = 200_000_000;

    [TestMethod]
    public void A_file_that_contradicts_itself_is_refused()
    {
        foreach (SinglePassCase test in SinglePassCase.All().Where(test => test.Family is "Compact" or "ESRGAN"))
        {
            TensorInfo[] whole;
            using (SinglePassFile file = SinglePassFile.Of(test.Weights()))
                whole = [.. file.Source.Tensors.Values];
            foreach (TensorInfo one in whole)
            {
                foreach ((string what, TensorInfo? changed) in Changes(one))
                {
                    IEnumerable<TensorInfo> tensors = whole.Where(info => info != one);
                    Refuse($"{test.Name}, {one.Name} {what}", changed is null ? tensors : tensors.Append(changed));
                }
            }

            Refuse($"{test.Name}, another tensor", whole.Append(new("stranger.weight", ScalarType.Float32, [1])));
        }
    }

    [TestMethod]
    public void A_file_with_very_many_tensors_is_judged_at_once()
    {
        IEnumerable<TensorInfo> blocks = Enumerable.Range(0, 10_000).SelectMany(index => new TensorInfo[]
        {
            new($"model.{index}.weight", ScalarType.Float32, [1, 1, 3, 3]),
            new($"model.1.sub.{index}.RDB1.conv1.0.weight", ScalarType.Float32, [1]),
        });
        Refuse("10,000 blocks", blocks);
        Refuse("block 1,000,000,000", blocks.Take(20).Append(new("model.1000000000.weight", ScalarType.Float32, [1, 1, 3, 3])));
        string deep = string.Concat(Enumerable.Repeat("module.", 100_000));
        Refuse("100,000 wrappers", [new(deep + "weight", ScalarType.Float32, [1])]);
    }

    [TestMethod]
    [DataRow(13)]
    [DataRow(3 * 5)]
    [DataRow(3 * 17 * 17)]
    public void A_scale_that_is_none_is_refused(int channels) => Refuse($"{channels} channels",
    [
        new("body.0.weight", ScalarType.Float32, [8, 3, 3, 3]), new("body.0.bias", ScalarType.Float32, [8]),
        new("body.1.weight", ScalarType.Float32, [8]),
        new("body.2.weight", ScalarType.Float32, [channels, 8, 3, 3]), new("body.2.bias", ScalarType.Float32, [channels]),
    ]);

    private static IEnumerable<(string What, TensorInfo? Changed)> Changes(TensorInfo info)
    {
        IReadOnlyList<long> shape = info.Shape;
        yield return ("is missing", null);
        yield return ("is a scalar", info with { Shape = [] });
        yield return ("has one dimension more", info with { Shape = [.. shape, 1] });
        yield return ("holds whole numbers", info with { DType = ScalarType.Int64 });
        for (int i = 0; i < shape.Count; i++)
        {
            foreach (long size in new[] { 0, shape[i] + 1, 1_000_000_007, long.MaxValue })
                yield return ($"[{i}] is {size}", info with { Shape = [.. shape.Take(i), size, .. shape.Skip(i + 1)] });
        }
    }

    private static void Refuse(string what, IEnumerable<TensorInfo> tensors)
    {
        var source = MemorySource.Claiming(tensors);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsExactly<ModelException>(() => SinglePassFile.Of(source), what);
        Assert.IsLessThan(MostBytes, GC.GetAllocatedBytesForCurrentThread() - before, what);
        Assert.IsTrue(source.IsDisposed, what);
    }
}
