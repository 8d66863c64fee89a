using Hypir.Networks.Libraries;
using Hypir.Testing;

namespace Hypir.Networks.Tests.Libraries;

/// <summary>What processors and virtual machines answer for their caches, and what follows for oneDNN.</summary>
[TestClass]
public sealed class ProcessorCachesTests : TensorTest
{
    // The first four letters of "GenuineIntel", "AuthenticAMD" and "HygonGenuine".
    private const int Intel = 0x756E6547, Amd = 0x68747541, Hygon = 0x6F677948;

    private const int Extended = unchecked((int)0x80000000), AmdCaches = unchecked((int)0x8000001D);

    /// <summary>
    /// Makers, their last basic leaf and last extended leaf, and EAX of leaf 4 and of leaf 8000001D; a kind of cache is in its low five
    /// bits.
    /// </summary>
    [TestMethod]
    [DataRow(Intel, 0x1B, 0x80000008u, 0x1C004121, 0, true, DisplayName = "Intel")]
    [DataRow(Intel, 4, 0x80000008u, 0x121, 0, true, DisplayName = "Intel, leaf 4 is the last")]
    [DataRow(Intel, 3, 0x80000008u, 0x121, 0, false, DisplayName = "Intel, no leaf 4: the answer is another leaf's")]
    [DataRow(Intel, 0x1B, 0x80000008u, 0, 0, false, DisplayName = "Intel, hidden")]
    [DataRow(Intel, 0x1B, 0x80000008u, 0x1C004100, 0, false, DisplayName = "Intel, cores without a cache")]
    [DataRow(Intel, 0x1B, 0x80000020u, 0, 0x121, false, DisplayName = "Intel, hidden, with AMD's leaf")]
    [DataRow(Amd, 0x10, 0x80000028u, 0, 0x4121, true, DisplayName = "AMD")]
    [DataRow(Amd, 0x10, 0x8000001Du, 0, 0x121, true, DisplayName = "AMD, leaf 8000001D is the last")]
    [DataRow(Amd, 0x10, 0x8000001Cu, 0, 0x121, false, DisplayName = "AMD, no leaf 8000001D")]
    [DataRow(Amd, 0x10, 0x80000028u, 0, 0, false, DisplayName = "AMD, hidden")]
    [DataRow(Amd, 0x10, 0x80000028u, 0x121, 0, false, DisplayName = "AMD, hidden, with Intel's leaf")]
    [DataRow(Amd, 0x10, 0u, 0, 0x121, false, DisplayName = "AMD, no extended leaves")]
    [DataRow(Hygon, 0x0D, 0x8000001Fu, 0, 0x121, false, DisplayName = "another maker, without Intel's leaf")]
    public void Caches_are_known_where_they_are_described(int maker, int last, uint lastExtended, int intel, int amd, bool known)
    {
        bool described = ProcessorCaches.AreDescribed(leaf => leaf switch
        {
            0 => (last, maker, 0, 0),
            4 => (intel, 0, 0, 0),
            Extended => ((int)lastExtended, 0, 0, 0),
            AmdCaches => (amd, 0, 0, 0),
            _ => throw new ArgumentOutOfRangeException(nameof(leaf), leaf, "A leaf that is nobody's."),
        });
        Assert.AreEqual(known, described);
    }

    /// <summary>
    /// The tests run under the same limit as the programs: <see cref="TensorTest"/> applies their settings before the first tensor.
    /// </summary>
    [TestMethod]
    public void OneDnn_is_limited_where_caches_are_hidden()
    {
        string? limit = Environment.GetEnvironmentVariable("ONEDNN_MAX_CPU_ISA");
        if (!ProcessorCaches.AreKnown)
            Assert.AreEqual("AVX", limit);
        else
            Assert.AreNotEqual("AVX", limit, "Nothing may slow a processor that describes its caches.");
    }
}
