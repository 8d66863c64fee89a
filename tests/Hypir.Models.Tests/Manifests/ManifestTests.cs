using Hypir.Models.Manifests;

namespace Hypir.Models.Tests.Manifests;

[TestClass]
public sealed class ManifestTests
{
    private const string Head =
        "format: 1\nhosts: { hub: \"https://hub.example/{repository}/{revision}/{path}\" }\nlicences: { l: { name: N, summary: S, "
            + "address: \"https://a.example\" } }\nentries:\n";

    [TestMethod]
    public void TheProgramsManifestIsInOrder()
    {
        var manifest = Manifest.BuiltIn();
        Assert.AreEqual("models/faithful/faithful.safetensors", manifest.Find("faithful")!.BuiltIn);
        CollectionAssert.AreEqual((string[])["sd2.1-base", "hypir"], manifest.WithBases("hypir").Select(entry => entry.Name).ToArray());
        foreach (var entry in manifest.Entries.Where(entry => entry.BuiltIn is null))
        {
            Assert.IsNotNull(entry.Licence, $"{entry.Name} has no license.");
            foreach (var source in entry.Files.SelectMany(file => file.Sources))
                Assert.AreEqual("https", source.Scheme, $"{source}: only encrypted connections.");
        }
    }

    [TestMethod]
    public void SourcesBecomeAddresses()
    {
        var manifest = Parse(
            "- { name: a, kind: base, sources: [{ host: hub, repository: o/r, revision: v1 }, { url: \"https://x.example/{path}\" }], "
                + "files: [{ path: unet/config.json, size: 1_000, sha256: unverified }] }"
        );
        var file = manifest.Find("a")!.Files.Single();
        CollectionAssert.AreEqual(
            (string[])["https://hub.example/o/r/v1/unet/config.json", "https://x.example/unet/config.json"],
            file.Sources.Select(source => source.ToString()).ToArray());
        Assert.AreEqual((1000L, null), (file.Size, file.Sha256));
    }

    [TestMethod]
    public void LaterManifestsStandForEarlierOnes()
    {
        var first = Parse("- { name: a, kind: base, title: old, files: [{ path: f }] }\n- { name: b, kind: base, files: [{ path: f }] }");
        var second = ManifestReader.Parse(
            "format: 1\nentries:\n- { name: a, kind: base, title: new, licence: l, sources: [{ host: hub, repository: o/r, revision: v1 "
                + "}], files: [{ path: f }] }",
            "more",
            first
        );
        CollectionAssert.AreEquivalent((string[])["b", "new"], second.Entries.Select(entry => entry.Title).ToArray());
    }

    [TestMethod]
    [DataRow("- { name: ../a, kind: base, files: [{ path: f }] }", "name")]
    [DataRow("- { name: A, kind: base, files: [{ path: f }] }", "name")]
    [DataRow("- { name: con, kind: base, files: [{ path: f }] }", "name")]
    [DataRow("- { name: .a, kind: base, files: [{ path: f }] }", "name")]
    [DataRow("- { name: auto, kind: base, files: [{ path: f }] }", "automatic choice")]
    [DataRow("- { name: a, kind: base, files: [{ path: ../f }] }", "path")]
    [DataRow("- { name: a, kind: base, files: [{ path: /f }] }", "path")]
    [DataRow("- { name: a, kind: base, files: [{ path: 'c:f' }] }", "path")]
    [DataRow("- { name: a, kind: base, files: [{ path: 'x\\f' }] }", "path")]
    [DataRow("- { name: a, kind: base, files: [{ path: x//f }] }", "path")]
    [DataRow("- { name: a, kind: base, files: [{ path: nul.txt }] }", "path")]
    [DataRow("- { name: a, kind: base, files: [{ path: f }, { path: F }] }", "twice")]
    [DataRow("- { name: a, kind: base, files: [] }", "no files")]
    [DataRow("- { name: a, kind: base, files: [{ path: f, size: -1 }] }", "size")]
    [DataRow("- { name: a, kind: base, files: [{ path: f, sha256: abc }] }", "sha256")]
    [DataRow("- { name: a, kind: thing, files: [{ path: f }] }", "kind")]
    [DataRow("- { name: a, kind: lora, files: [{ path: f }] }", "base")]
    [DataRow("- { name: a, kind: lora, base: b, files: [{ path: f }] }", "base b")]
    [DataRow("- { name: a, kind: base, licence: x, files: [{ path: f }] }", "license x")]
    [DataRow("- { name: a, kind: base, files: [{ path: f }] }\n- { name: a, kind: base, files: [{ path: f }] }", "twice")]
    [DataRow("- { name: a, kind: base, sources: [{ host: no, repository: r, revision: v }], files: [{ path: f }] }", "source")]
    [DataRow("- { name: a, kind: base, sources: [{ url: 'ftp://x/f' }], files: [{ path: f }] }", "source")]
    [DataRow("- { name: a, kind: base, colour: red, files: [{ path: f }] }", "colour")]
    [DataRow("- [", "line")]
    public void WhatIsNotInOrderIsNamed(string entries, string word) =>
        StringAssert.Contains(Assert.ThrowsExactly<StoreException>(() => Parse(entries)).Message, word);

    [TestMethod]
    public void OtherFormatsAreRefused() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<StoreException>(() => ManifestReader.Parse("format: 2", "m", Manifest.Empty)).Message, "format 2");

    private static Manifest Parse(string entries) => ManifestReader.Parse(Head + entries, "m", Manifest.Empty);
}
