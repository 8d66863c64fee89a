using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Hypir.PdnEffect.Tests.Signatures;

/// <summary>What an assembly declares to others, in the words of the recorded metadata.</summary>
internal sealed class Surface
{
    private readonly SignatureText _text;
    private readonly MetadataReader _reader;

    private Surface(MetadataReader reader)
    {
        _reader = reader;
        Assembly = reader.GetString(reader.GetAssemblyDefinition().Name);
        _text = new(Assembly);
    }

    public string Assembly { get; }

    /// <summary>Reads an assembly's declared types.</summary>
    public static IReadOnlyList<DeclaredType> Of(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var surface = new Surface(image.GetMetadataReader());
        return [.. surface._reader.TypeDefinitions.Select(surface._reader.GetTypeDefinition)
            .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public).Select(surface.Describe)];
    }

    private DeclaredType Describe(TypeDefinition type)
    {
        string name = $"{_reader.GetString(type.Namespace)}.{_reader.GetString(type.Name)}";
        string @base = type.BaseType.IsNil ? "" : TypeName(type.BaseType);
        bool isValue = @base == "System.ValueType";
        var members = type.GetMethods()
            .Select(_reader.GetMethodDefinition)
            .Where(method => IsSeen(method.Attributes))
            .Select(method => Method(method, isValue))
            .ToList();
        if (@base == "System.Enum")
            members.AddRange(type.GetFields().Select(_reader.GetFieldDefinition).Select(field => Field(name, field)));
        string kind =
            (type.Attributes.HasFlag(TypeAttributes.Interface) ? "interface " : "")
            + (type.Attributes.HasFlag(TypeAttributes.Abstract) ? "abstract " : "")
            + (type.Attributes.HasFlag(TypeAttributes.Sealed) ? "sealed " : "");
        return new(
            Assembly,
            name,
            kind,
            @base,
            [
                .. type.GetInterfaceImplementations()
                    .Select(implemented => TypeName(_reader.GetInterfaceImplementation(implemented).Interface)),
            ],
            members
        );
    }

    private static bool IsSeen(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family;

    private string Field(string type, FieldDefinition field)
    {
        string name = _reader.GetString(field.Name), kind = field.DecodeSignature(_text, null);
        if (field.GetDefaultValue().IsNil)
            return $"F Public {kind} {name}";
        BlobReader value = _reader.GetBlobReader(_reader.GetConstant(field.GetDefaultValue()).Value);
        long number = _reader.GetConstant(field.GetDefaultValue()).TypeCode switch
        {
            ConstantTypeCode.UInt16 => value.ReadUInt16(),
            ConstantTypeCode.Int32 => value.ReadInt32(),
            _ => value.ReadInt64(),
        };
        return string.Create(CultureInfo.InvariantCulture, $"F Public static {type} {name} = {number}");
    }

    private string Method(MethodDefinition method, bool ofValue)
    {
        MethodAttributes flags = method.Attributes;
        // That a structure's member also serves an interface is nothing a caller sees.
        bool isVirtual = flags.HasFlag(MethodAttributes.Virtual) && !ofValue;
        string words = (flags & MethodAttributes.MemberAccessMask) == MethodAttributes.Public ? "Public " : "Family ";
        words += flags.HasFlag(MethodAttributes.Static) ? "static " : "";
        words += flags.HasFlag(MethodAttributes.Abstract) ? "abstract " : "";
        words += isVirtual ? "virtual " : "";
        words += isVirtual && flags.HasFlag(MethodAttributes.NewSlot) ? "newslot " : "";
        words += isVirtual && flags.HasFlag(MethodAttributes.Final) ? "final " : "";
        MethodSignature<string> signature = method.DecodeSignature(_text, null);
        Dictionary<int, Parameter> parameters = method
            .GetParameters()
            .Select(_reader.GetParameter)
            .ToDictionary(parameter => (int)parameter.SequenceNumber);
        IEnumerable<string> list = signature.ParameterTypes.Select(
            (type, i) =>
                Direction(type, parameters.GetValueOrDefault(i + 1))
                + type
                + (parameters.TryGetValue(i + 1, out Parameter named) ? " " + _reader.GetString(named.Name) : "")
        );
        return $"M {words}{signature.ReturnType} "
            + $"{_reader.GetString(method.Name)}{Generics(method.GetGenericParameters())}({string.Join(", ", list)})";
    }

    private static string Direction(string type, Parameter parameter) =>
        !type.Contains('&', StringComparison.Ordinal) ? ""
        : parameter.Attributes.HasFlag(ParameterAttributes.Out) ? "out "
        : parameter.Attributes.HasFlag(ParameterAttributes.In) ? "in "
        : "";

    private string Generics(GenericParameterHandleCollection parameters) =>
        parameters.Count == 0 ? "" : $"<{string.Join(", ", parameters.Select(_reader.GetGenericParameter).Select(Generic))}>";

    private string Generic(GenericParameter parameter)
    {
        string flags = parameter.Attributes == 0 ? "None" : parameter.Attributes.ToString();
        var constraints = parameter.GetConstraints().Select(handle => TypeName(_reader.GetGenericParameterConstraint(handle).Type));
        return $"{_reader.GetString(parameter.Name)}:{flags}:{string.Join("&", constraints)}";
    }

    private string TypeName(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => _text.GetTypeFromDefinition(_reader, (TypeDefinitionHandle)handle, 0),
        HandleKind.TypeReference => _text.GetTypeFromReference(_reader, (TypeReferenceHandle)handle, 0),
        _ => _text.GetTypeFromSpecification(_reader, null, (TypeSpecificationHandle)handle, 0),
    };
}
