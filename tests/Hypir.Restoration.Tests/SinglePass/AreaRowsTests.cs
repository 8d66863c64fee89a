using Hypir.Restoration.Pipeline;
using Hypir.Testing;
using static TorchSharp.torch;

namespace Hypir.Restoration.Tests.SinglePass;

[TestClass]
public sealed class AreaRowsTests : TensorTest
{
    /// <summary>Both sizes divide a larger one, on which the means are taken over whole pixels.</summary>
    [TestMethod]
    [DataRow(12, 4, 3)]
    [DataRow(12, 9, 5)]
    [DataRow(20, 15, 1)]
    [DataRow(20, 13, 7)]
    [DataRow(8, 8, 3)]
    public void Pixels_are_means_of_what_they_cover(int from, int to, int band)
    {
        using var scope = NewDisposeScope();
        Tensor image = rand(1, 3, from, from + 4, float64);
        Tensor fine = image.repeat_interleave(to, 2).repeat_interleave(to + 1, 3);
        Tensor expected = nn.functional.avg_pool2d(fine, [from, from + 4]);
        var rows = new List<Tensor>();
        using var area = new AreaRows(new(from + 4, from), new(to + 1, to), (start, part) =>
        {
            Assert.AreEqual(rows.Sum(row => (int)row.shape[2]), start);
            rows.Add(part.clone().MoveToOtherDisposeScope(scope));
        });
        for (int start = 0; start < from; start += band)
            area.Add(image.narrow(2, start, Math.Min(band, from - start)));
        Numbers.AssertClose(expected, cat([.. rows], 2), 1e-13, $"{from} to {to}");
    }
}
