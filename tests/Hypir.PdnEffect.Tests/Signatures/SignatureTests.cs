using System.Text.RegularExpressions;
using Hypir.PdnEffect.Tests.Support;

namespace Hypir.PdnEffect.Tests.Signatures;

/// <summary>
/// A reference assembly that declares something else than the real one compiles here and fails in the editor: all that is declared and used
/// is compared.
/// </summary>
[TestClass]
public sealed class SignatureTests
{
    private static readonly RecordedMetadata Metadata = new(Built.Recorded("metadata-5.1.4.txt"));
    private static readonly RecordedReference Reference = new(Built.Recorded("reference-5.1.9.json"));

    public static IEnumerable<object[]> Assemblies =>
        Built.ReferenceAssemblies.Select(file => new object[] { Path.GetFileNameWithoutExtension(file) });

    [TestMethod]
    [DynamicData(nameof(Assemblies))]
    public void What_a_reference_project_declares_is_in_the_real_assembly(string assembly)
    {
        IReadOnlyList<DeclaredType> types = Surface.Of(
            Built.ReferenceAssemblies.Single(file => Path.GetFileNameWithoutExtension(file) == assembly));
        Assert.IsNotEmpty(types);
        string[] wrong =
        [
            .. types.SelectMany(type => Metadata.Assemblies.Contains(assembly) ? AgainstMetadata(type) : AgainstReference(type)),
        ];
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    public void What_the_effect_uses_is_in_the_real_assemblies()
    {
        string[] wrong =
        [
            .. PluginReferences
                .Types(Built.Effect)
                .Where(type => !Exists(type.Assembly, type.Type))
                .Select(type => $"{type.Assembly}: {type.Type}"),
            .. PluginReferences
                .Members(Built.Effect)
                .Where(member => !Exists(member))
                .Select(member => $"{member.Assembly}: {member.Type}: {member.Call}"),
        ];
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    public void What_no_metadata_vouches_for_is_listed()
    {
        string[] unverified = [.. PluginReferences.Members(Built.Effect).Where(member => !Metadata.Assemblies.Contains(member.Assembly))
            .Select(member => $"{member.Assembly}: {member.Type}: {Call.Short(member.Call)}").Distinct().Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(File.ReadAllLines(Built.Recorded("unverified.txt")), unverified, string.Join('\n', unverified));
    }

    [TestMethod]
    public void No_version_is_newer_than_the_oldest_editor()
    {
        (string Name, Version Version)[] pdn =
        [
            .. PluginReferences
                .Assemblies(Built.Effect)
                .Where(reference => reference.Name.StartsWith("PaintDotNet.", StringComparison.Ordinal)),
        ];
        Assert.IsNotEmpty(pdn);
        foreach ((string name, Version version) in pdn)
            Assert.AreEqual(new Version(5, 100, 0, 0), version, name);
    }

    [TestMethod]
    public void What_5_2_changes_is_not_used()
    {
        foreach ((_, string type, string call) in PluginReferences.Members(Built.Effect))
        {
            Assert.DoesNotContain("BufferSize", call, type);
            Assert.DoesNotContain("void*", call, type);
        }
    }

    private static IEnumerable<string> AgainstMetadata(DeclaredType type)
    {
        if (Metadata.Find(type.Assembly, type.Name) is not { } real)
            return [$"{type.Name}: there is no such type"];
        HashSet<string> members = [.. real.Members], interfaces = [.. real.Interfaces];
        return
        [
            .. type.Kind == real.Kind ? Array.Empty<string>() : [$"{type.Name}: is {type.Kind}, not {real.Kind}"],
            .. type.Base == real.Base ? Array.Empty<string>() : [$"{type.Name}: derives from {type.Base}, not {real.Base}"],
            .. type
                .Interfaces.Where(implemented => !interfaces.Contains(implemented))
                .Select(implemented => $"{type.Name}: does not implement {implemented}"),
            .. type.Members.Where(member => !members.Contains(member)).Select(member => $"{type.Name}: {member}"),
        ];
    }

    private static IEnumerable<string> AgainstReference(DeclaredType type)
    {
        if (Reference.Find(type.Assembly, type.Name) is not { } real)
            return [$"{type.Name}: the reference has no such type"];
        string declaration = Reference.Declaration(type.Name);
        string[] above =
        [
            .. type
                .Interfaces.Append(type.Base)
                .Where(name => name.Length > 0 && name is not ("System.Object" or "System.Enum" or "System.ValueType")),
        ];
        // What an enumeration is made of stands in its hidden field; the reference says it unless it is int.
        string under = type.Members.FirstOrDefault(member => member.EndsWith(" value__", StringComparison.Ordinal))?.Split(' ')[2] ?? "";
        string said = type.Base != "System.Enum" ? "" : declaration.Split(" : ") is [_, var named] ? named : "int";
        return
        [
            .. above
                .Where(name => !Word(declaration, Call.Short(name)))
                .Select(name => $"{type.Name}: {name} is not above it, but {declaration}"),
            .. Call.Short(under) == said ? Array.Empty<string>() : [$"{type.Name}: is made of {under}, but {declaration}"],
            // What the compiler writes into records is not in the reference.
            .. type
                .Members.Where(member => member[0] == 'M' && !member.Contains("<Clone>$", StringComparison.Ordinal))
                .Select(member => Call.Short(Call.OfMetadata(member)))
                .Where(call => !real.Contains(call))
                .Select(call => $"{type.Name}: {call}, but {string.Join("; ", real)}"),
        ];
    }

    private static bool Word(string declaration, string name) =>
        Regex.IsMatch(Call.Generic(declaration), $@"[:,] {Regex.Escape(name)}(?=,| where|$)");

    private static bool Exists(string assembly, string type) =>
        Metadata.Assemblies.Contains(assembly) ? Metadata.Find(assembly, type) is not null : Reference.Find(assembly, type) is not null;

    private static bool Exists((string Assembly, string Type, string Call) member) => Metadata.Assemblies.Contains(member.Assembly)
        ? Metadata.Find(member.Assembly, member.Type) is { } type && type.Members.Any(line => Call.OfMetadata(line) == member.Call)
        : Reference.Find(member.Assembly, member.Type) is { } calls && calls.Contains(Call.Short(member.Call));
}
