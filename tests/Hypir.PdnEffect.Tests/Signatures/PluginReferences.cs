using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Hypir.PdnEffect.Tests.Signatures;

/// <summary>What the compiled effect asks of Paint.NET's assemblies: it must be there, or the effect does not load.</summary>
internal static class PluginReferences
{
    /// <summary>Assemblies and their versions.</summary>
    public static IReadOnlyList<(string Name, Version Version)> Assemblies(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        MetadataReader reader = image.GetMetadataReader();
        return
        [
            .. reader
                .AssemblyReferences.Select(reader.GetAssemblyReference)
                .Select(reference => (reader.GetString(reference.Name), reference.Version)),
        ];
    }

    /// <summary>Types, with the assembly in which they are looked for.</summary>
    public static IReadOnlyList<(string Assembly, string Type)> Types(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        MetadataReader reader = image.GetMetadataReader();
        var text = new SignatureText("");
        return [.. reader.TypeReferences.Select(handle => text.GetTypeFromReference(reader, handle, 0)).Where(IsPdn).Select(Apart)];
    }

    /// <summary>Members, with their types.</summary>
    public static IReadOnlyList<(string Assembly, string Type, string Call)> Members(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        MetadataReader reader = image.GetMetadataReader();
        var found = new List<(string, string, string)>();
        foreach (MemberReference member in reader.MemberReferences.Select(reader.GetMemberReference))
        {
            string parent = member.Parent.Kind switch
            {
                HandleKind.TypeReference => new SignatureText("").GetTypeFromReference(reader, (TypeReferenceHandle)member.Parent, 0),
                HandleKind.TypeSpecification => new SignatureText("").GetTypeFromSpecification(
                    reader, null, (TypeSpecificationHandle)member.Parent, 0),
                _ => "",
            };
            if (!IsPdn(parent) || member.GetKind() != MemberReferenceKind.Method)
                continue;
            (string assembly, string type) = Apart(parent);
            MethodSignature<string> signature = member.DecodeMethodSignature(new SignatureText(assembly), null);
            found.Add(
                (assembly, type, $"{signature.ReturnType} {reader.GetString(member.Name)}({string.Join(",", signature.ParameterTypes)})"));
        }
        return found;
    }

    private static bool IsPdn(string type) => type.StartsWith("[PaintDotNet.", StringComparison.Ordinal);

    private static (string Assembly, string Type) Apart(string type)
    {
        int end = type.IndexOf(']', StringComparison.Ordinal), generic = type.IndexOf('<', StringComparison.Ordinal);
        return (type[1..end], generic < 0 ? type[(end + 1)..] : type[(end + 1)..generic]);
    }
}
