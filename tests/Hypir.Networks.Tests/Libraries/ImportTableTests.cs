using Hypir.Networks.Libraries;
using Hypir.Testing;

namespace Hypir.Networks.Tests.Libraries;

/// <summary>What libraries for Windows import, on files made by hand.</summary>
[TestClass]
public sealed class ImportTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(new string[0], new string[0])]
    [DataRow(new[] { "KERNEL32.dll" }, new string[0])]
    [DataRow(new string[0], new[] { "later.dll" })]
    [DataRow(new[] { "c10.dll", "MSVCP140.dll", "api-ms-win-crt-math-l1-1-0.dll" }, new[] { "later.dll", "last.dll" })]
    public void Both_tables_are_read(string[] needed, string[] delayed)
    {
        PeFile.Write(_folder["a.dll"], needed, delayed);
        ImportTable table = ImportTable.Read(_folder["a.dll"]);
        CollectionAssert.AreEqual(needed, table.Needed.ToArray());
        CollectionAssert.AreEqual(delayed, table.Delayed.ToArray());
    }

    [TestMethod]
    public void A_file_that_is_none_or_damaged_is_refused_by_name()
    {
        byte[] whole = PeFile.Bytes(["KERNEL32.dll", "USER32.dll"]);
        // Without a part of its table, without its table, without its header, empty, and something else.
        foreach (
            byte[] content in (byte[][])
                [
                    whole[..^3], whole[..^60], whole[..0x400], whole[..200], whole[..70], [],
                    "<html><body>not found</body></html>"u8.ToArray(),
                ]
        )
        {
            File.WriteAllBytes(_folder["a.dll"], content);
            var failure = Assert.ThrowsExactly<BadImageFormatException>(
                () => ImportTable.Read(_folder["a.dll"]), $"{content.Length} bytes");
            StringAssert.Contains(failure.Message, _folder["a.dll"]);
        }
    }

    [TestMethod]
    public void What_nothing_provides_is_found_through_the_libraries_that_are_shipped()
    {
        PeFile.Write(_folder["program.exe"], ["First.dll", "KERNEL32.dll"], "late.dll");
        PeFile.Write(_folder["first.DLL"], ["second.dll", "MSVCP140.dll"]);
        PeFile.Write(_folder["second.dll"], ["first.dll", "msvcp140.dll", "VCRUNTIME140_1.dll"]);
        var missing = new MissingImports([_folder.Path], name => name == "KERNEL32.dll");
        CollectionAssert.AreEqual(
            new[] { new MissingImport("MSVCP140.dll", "first.DLL"), new MissingImport("VCRUNTIME140_1.dll", "second.dll") },
            missing.Of(_folder["program.exe"]).ToArray());
        CollectionAssert.Contains(
            missing.Of(_folder["program.exe"], delayed: true).ToArray(), new MissingImport("late.dll", "program.exe"));
    }

    [TestMethod]
    [DataRow("MSVCP140.dll", true)]
    [DataRow("msvcp140_1.dll", true)]
    [DataRow("msvcp140_atomic_wait.dll", true)]
    [DataRow("VCRUNTIME140.dll", true)]
    [DataRow("VCRUNTIME140_1.dll", true)]
    [DataRow("vcomp140.dll", true)]
    [DataRow("concrt140.dll", true)]
    [DataRow("msvcrt.dll", false, DisplayName = "A part of Windows")]
    [DataRow("ucrtbase.dll", false)]
    [DataRow("api-ms-win-crt-runtime-l1-1-0.dll", false)]
    [DataRow("vcruntime140.dll.exe", false)]
    public void The_Visual_Cpp_runtime_is_known_by_its_names(string name, bool belongs) =>
        Assert.AreEqual(belongs, VisualCppRuntime.Has(name));
}
