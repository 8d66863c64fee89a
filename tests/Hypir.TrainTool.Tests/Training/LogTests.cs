using System.Buffers.Binary;
using Hypir.Testing;
using Hypir.Training.Logging;
using Tensorboard;

namespace Hypir.TrainTool.Tests.Training;

[TestClass]
public sealed class LogTests
{
    [TestMethod]
    public void Events_are_framed_as_tensorflow_does()
    {
        using var folder = new TemporaryFolder();
        using (var events = new EventFile(folder["logs"]))
        {
            events.Scalars(3, new Dictionary<string, double> { ["loss/l2"] = 0.5, ["loss/gan"] = -2 });
            events.Image(4, "G", [1, 2, 3], 20, 10);
            events.Text(5, "prompt", "a cät");
        }
        var read = Records(File.ReadAllBytes(Directory.GetFiles(folder["logs"]).Single()))
            .Select(record => Event.Parser.ParseFrom(record))
            .ToArray();
        Assert.AreEqual("brain.Event:2", read[0].FileVersion);
        Assert.AreEqual(3, read[1].Step);
        CollectionAssert.AreEqual(
            new[] { ("loss/l2", 0.5f), ("loss/gan", -2f) },
            read[1].Summary.Value.Select(value => (value.Tag, value.SimpleValue)).ToArray()
        );
        var image = read[2].Summary.Value.Single();
        Assert.AreEqual(("G", 20, 10), (image.Tag, image.Image.Width, image.Image.Height));
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, image.Image.EncodedImageString.ToByteArray());
        Assert.AreEqual("a cät", read[3].Summary.Value.Single().Tensor.StringVal.Single().ToStringUtf8());
    }

    [TestMethod]
    public void A_log_that_is_gone_on_with_forgets_what_lies_after_the_checkpoint()
    {
        using var folder = new TemporaryFolder();
        using (var log = new MetricsLog(folder["m"], 0))
        {
            for (int step = 1; step <= 5; step++)
                log.Add(step, 2 * step, new Dictionary<string, double> { ["a"] = step, ["never"] = double.NaN });
        }
        File.AppendAllText(folder["m"], "{\"step\": 6, \"a\""); // killed here
        using (var log = new MetricsLog(folder["m"], 6))
            log.Add(4, 7, new Dictionary<string, double> { ["a"] = -4, ["b"] = 1 });
        var read = MetricsLog.Read(folder["m"]);
        CollectionAssert.AreEqual(new[] { (1L, 1.0), (2L, 2.0), (3L, 3.0), (4L, -4.0) }, read["a"].ToArray());
        CollectionAssert.AreEquivalent(new[] { "a", "b" }, read.Keys.ToArray());
    }

    [TestMethod]
    [DataRow(1), DataRow(2), DataRow(10_000)]
    public void A_curve_is_drawn_within_its_frame(int count)
    {
        string svg = CurveChart.Svg([.. Enumerable.Range(0, count).Select(i => ((long)i, Math.Sin(i) - 7))]);
        Assert.IsFalse(svg.Contains("NaN", StringComparison.Ordinal) || svg.Contains('∞'), svg);
        string path = svg[svg.IndexOf("class=\"faint\" d=\"M", StringComparison.Ordinal)..];
        path = path[(path.IndexOf("d=\"", StringComparison.Ordinal) + 3)..];
        path = path[..path.IndexOf('"')];
        foreach (string point in path.Split('M', 'L').Where(point => point.Trim().Length > 0))
        {
            double[] at =
            [
                .. point.Trim().Split(' ').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture)),
            ];
            Assert.IsTrue(at[0] is >= 0 and <= 960 && at[1] is >= 0 and <= 240, point);
        }
        Assert.IsTrue(path.Count(c => c is 'L' or 'M') <= 480);
    }

    /// <summary>Reads records by a checksum of its own: bit by bit, as the polynomial says.</summary>
    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (int at = 0; at < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
            Assert.AreEqual(Masked(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            byte[] data = file[(at + 12)..(at + 12 + length)];
            Assert.AreEqual(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            at += 16 + length;
            yield return data;
        }
    }

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        uint sum = uint.MaxValue;
        foreach (byte one in data)
        {
            sum ^= one;
            for (int bit = 0; bit < 8; bit++)
                sum = (sum >> 1) ^ ((sum & 1) * 0x82F63B78u);
        }
        sum = ~sum;
        return ((sum >> 15) | (sum << 17)) + 0xa282ead8u;
    }
}
