using System.Text.Json;
using Hypir.Networks.Checkpoints;
using Hypir.Networks.SinglePass;
using Hypir.Testing;
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
        var wrong = new List<string>();
        foreach ((string name, TensorInfo[] whole) in Families())
        {
            // Of tensors that differ only in their numbers, the first and the last.
            var kinds = whole.GroupBy(info => string.Concat(info.Name.Where(c => !char.IsAsciiDigit(c))));
            foreach (TensorInfo one in kinds.SelectMany(kind => (TensorInfo[])[kind.First(), kind.Last()]).Distinct())
            {
                foreach ((string what, TensorInfo? changed) in Changes(one))
                {
                    IEnumerable<TensorInfo> tensors = whole.Where(info => info != one);
                    if (Judge(changed is null ? tensors : tensors.Append(changed)) is { } problem)
                        wrong.Add($"{name}, {one.Name} {what}: {problem}");
                }
            }

            Refuse($"{name}, another tensor", whole.Append(new("stranger.weight", ScalarType.Float32, [1])));
        }

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
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

    private static IEnumerable<(string Name, TensorInfo[] Weights)> Families()
    {
        foreach (SinglePassCase test in SinglePassCase.All().Where(test => test.IsSupported))
        {
            using ITensorSource weights = test.Weights();
            yield return (test.Name, [.. weights.Tensors.Values]);
        }

        foreach (string path in Goldens.Cases("gfpgan*.shapes.json", "faces"))
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllText(path));
            yield return (Path.GetFileNameWithoutExtension(path),
            [
                .. json.RootElement.GetProperty("shapes").Deserialize<Dictionary<string, long[]>>()!
                    .Select(entry => new TensorInfo(entry.Key, ScalarType.Float32, entry.Value)),
            ]);
        }
    }

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

    /// <summary>
    /// Requires that a changed file is refused, or is another network, all of whose weights have the shapes that the file claims: without
    /// a bias, for example.
    /// </summary>
    private static string? Judge(IEnumerable<TensorInfo> tensors)
    {
        var source = MemorySource.Claiming(tensors);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using SinglePassFile file = SinglePassFile.Of(source);
            if (!Shapes(file.Outline.Weights.Select(weight => (weight.Name, weight.Shape)))
                .SequenceEqual(Shapes(file.Source.Tensors.Values.Select(info => (info.Name, info.Shape)))))
                return $"taken for {file.Outline.Title}";
            if (file.Outline.Weights.Max(weight => weight.Shape.Max()) > 1 << 20)
                return $"taken for {file.Outline.Title}, which nothing contradicts";
        }
        catch (ModelException)
        {
        }
        catch (Exception failure) when (failure is not UnitTestAssertException)
        {
            return failure.ToString();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before > MostBytes ? "took too much memory"
            : source.IsDisposed ? null : "was left open";

        static IEnumerable<string> Shapes(IEnumerable<(string Name, IReadOnlyList<long> Shape)> weights) =>
            weights.Select(weight => $"{weight.Name} [{string.Join(',', weight.Shape)}]").Order(StringComparer.Ordinal);
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
