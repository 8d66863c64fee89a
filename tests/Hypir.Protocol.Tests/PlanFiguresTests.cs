namespace Hypir.Protocol.Tests;

/// <summary>Figures of plans, which all programs and the dialog show alike.</summary>
[TestClass]
public sealed class PlanFiguresTests
{
    [TestMethod]
    [DataRow(1L, "0.01 GB")]
    [DataRow(420_000_000L, "0.42 GB")]
    [DataRow(994_999_999L, "0.99 GB")]
    [DataRow(995_000_000L, "1.0 GB")]
    [DataRow(3_140_000_000L, "3.1 GB")]
    [DataRow(6L << 30, "6.4 GB")]
    [DataRow(123_456_000_000L, "123.5 GB")]
    public void A_gigabyte_of_memory_is_a_power_of_ten(long bytes, string text) => Assert.AreEqual(text, PlanFigures.Memory(bytes));

    [TestMethod]
    [DataRow(0.71, "0.7 s")]
    [DataRow(5.1, "10 s")]
    [DataRow(89.0, "90 s")]
    [DataRow(91.0, "2 min")]
    [DataRow(58 * 60.0, "58 min")]
    [DataRow(2.5 * 3600, "2.5 h")]
    [DataRow(84 * 3600.0, "3.5 days")]
    public void An_expected_time_is_no_more_precise_than_it_can_be(double seconds, string text) =>
        Assert.AreEqual(text, PlanFigures.Duration(seconds));
}
