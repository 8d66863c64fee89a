using Hypir.Onnx.Wire;

namespace Hypir.Onnx.Tests;

/// <summary>The wire format of Protocol Buffers, by the examples of its documentation and its rule for negative numbers.</summary>
[TestClass]
public sealed class WireWriterTests
{
    [TestMethod]
    [DataRow(1, 150L, "089601")]
    [DataRow(1, 0L, "0800")]
    [DataRow(16, 127L, "80017F")]
    [DataRow(1, -1L, "08FFFFFFFFFFFFFFFFFF01")]
    public void Integers(int field, long number, string expected) => AssertWritten(expected, writer => writer.Number(field, number));

    [TestMethod]
    public void Text_is_UTF8_after_its_length() => AssertWritten("120774657374696E67", writer => writer.Text(2, "testing"));

    [TestMethod]
    public void A_message_is_written_after_its_length() =>
        AssertWritten("1A03089601", writer => writer.Message(3, inner => inner.Number(1, 150)));

    [TestMethod]
    public void Repeated_integers_are_packed() => AssertWritten("3206038E029EA705", writer => writer.Numbers(6, [3, 270, 86942]));

    [TestMethod]
    public void Floats_are_little_endian() => AssertWritten("150000C03F", writer => writer.Float(2, 1.5f));

    private static void AssertWritten(string expected, Action<WireWriter> write)
    {
        var writer = new WireWriter();
        write(writer);
        Assert.AreEqual(expected, Convert.ToHexString(writer.Bytes.Span));
    }
}
